import { Stripe } from 'stripe';
import type { Config } from '../config/config.ts';
import { currentTrace, measure } from '../telemetry/trace.ts';

/** The API version of the client and of the webhook endpoint. */
export const API_VERSION = '2026-10-28.endive';

// A redirect waits for this call: one retry and 4 s a try, not the client's two and 80 s.
const TRY_MILLISECONDS = 4_000;
const MORE_TRIES = 1;

// Stripe's client makes no further try of what the rate limit refused. Milliseconds before each of
// ours: the limit counts a second, so these are in three others. https://docs.stripe.com/rate-limits
const TOO_MANY = 429;
export const RATE_LIMIT_PAUSES = [500, 800, 1_100];
// They share the 4 s: a try that begins later than this could not end in time.
const LATEST_TRY_MILLISECONDS = 3_000;

export type Manners = {
  /**
   * Waited for before each request. It switches retries off, so that one call is one request, but
   * for those that the rate limit refuses.
   */
  onRequest?: () => void | Promise<void>;
  /** Whether to go without what Stripe's rate limit refuses, which otherwise is asked for again. */
  yields?: boolean;
};

/** Builds Stripe's client. Building is expensive, and the client keeps no state: once per isolate. */
export function createStripe(
  { secretKey, apiBase }: Config['stripe'],
  { onRequest, yields = false }: Manners = {},
): Stripe {
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    // Set explicitly, because a bundler or test runner may resolve Stripe's Node build.
    httpClient: Stripe.createFetchHttpClient(traced(onRequest, yields)),
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

function traced(onRequest: Manners['onRequest'], yields: boolean): typeof fetch {
  return async (input, init) => {
    const ask = async () => {
      await onRequest?.();
      return measure('stripe', async () => fetch(input, init));
    };
    const began = performance.now();
    let response = await ask();
    // With the same idempotency key: the rate limit refuses before Stripe looks at it.
    for (const pause of yields ? [] : RATE_LIMIT_PAUSES) {
      const isLate = performance.now() - began + pause > LATEST_TRY_MILLISECONDS;
      if (response.status !== TOO_MANY || isLate) break;
      await response.body?.cancel();
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
      response = await ask();
    }
    const trace = currentTrace();
    if (trace) trace.stripeRequestId = response.headers.get('request-id') ?? undefined;
    return response;
  };
}
