const findSources = Error.prepareStackTrace.bind(Error);

/**
 * Stripe's client reads the stack of an error without a message at each call, and Vitest looks up
 * the source of every frame: it takes longer than the call. Errors with a message keep their stack.
 */
export function leaveCallSitesUnread(): void {
  Error.prepareStackTrace = (error, frames): unknown =>
    error.message === '' ? String(error) : findSources(error, frames);
}
