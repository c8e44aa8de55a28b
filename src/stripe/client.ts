import { Stripe } from 'stripe';
import type { Config } from '../config/config.ts';
import { currentTrace, measure } from '../telemetry/trace.ts';

/** The API version of the client and of the webhook endpoint. */
export const API_VERSION = '2026-10-28.endive';

// A redirect waits for this call: one retry and 4 s a try, not the client's two and 80 s.
const TRY_MILLISECONDS = 4_000;
const MORE_TRIES = 1;

/**
 * Builds Stripe's client. Building is expensive, and the client keeps no state: one per isolate.
 *
 * @param onRequest  called for each request. It switches retries off, so that one call is one
 *   request
 */
export function createStripe(
  { secretKey, apiBase }: Config['stripe'],
  onRequest?: () => void,
): Stripe {
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    // Set explicitly, because a bundler or test runner may resolve Stripe's Node build.
    httpClient: Stripe.createFetchHttpClient(traced(onRequest)),
    timeout: TRY_MILLISECONDS,
    maxNetworkRetries: onRequest ? 0 : MORE_TRIES,
    telemetry: false,
    appInfo: { name: 'portal-link' },
    ...(apiBase && {
      host: apiBase.hostname,
      port: apiBase.port || (apiBase.protocol === 'https:' ? '443' : '80'),
      protocol: apiBase.protocol === 'https:' ? 'https' : 'http',
    }),
  });
}

/**
 * Begins a call without the stack trace that Stripe's client takes of each caller: a quarter of
 * the client's own time. Only code before the call's first `await` is affected. Later errors
 * have their traces.
 */
export function withoutCallSite<T>(begin: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return begin();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function traced(onRequest?: () => void): typeof fetch {
  return async (input, init) => {
    onRequest?.();
    const response = await measure('stripe', async () => fetch(input, init));
    const trace = currentTrace();
    if (trace) trace.stripeRequestId = response.headers.get('request-id') ?? undefined;
    return response;
  };
}
