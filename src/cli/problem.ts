/** A problem that the operator can solve. Only its message is shown, without a stack. */
export class OperatorProblem extends Error {}

/** The operator pressed Ctrl-C at a question. */
export class Cancelled extends Error {}
