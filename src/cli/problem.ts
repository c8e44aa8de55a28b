/** A problem that the operator can solve. Only its message is shown, without a stack. */
export class OperatorProblem extends Error {}

/** The operator pressed Ctrl-C. The message, if any, says what that leaves behind. */
export class Cancelled extends Error {}
