/** Something that the operator can mend. Its message is all that they are shown: no stack. */
export class OperatorProblem extends Error {}

/** The operator pressed Ctrl-C at a question. */
export class Cancelled extends Error {}
