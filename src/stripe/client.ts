import { Stripe } from 'stripe';
import type { Config } from '../config.ts';

// A redirect waits for this call: 4 s a try and one more try, instead of 80 s and two.
const TRY_MILLISECONDS = 4_000;
const MORE_TRIES = 1;

/** Builds Stripe's client. It is dear to build and keeps no state: one per isolate. */
export function createStripe({ secretKey, apiBase }: Config['stripe']): Stripe {
  return new Stripe(secretKey, {
    apiVersion: '2026-10-28.endive',
    // Said aloud because a bundler or test runner may resolve Stripe's Node build.
    httpClient: Stripe.createFetchHttpClient(),
    timeout: TRY_MILLISECONDS,
    maxNetworkRetries: MORE_TRIES,
    telemetry: false,
    appInfo: { name: 'portal-link' },
    ...(apiBase && {
      host: apiBase.hostname,
      port: apiBase.port || (apiBase.protocol === 'https:' ? '443' : '80'),
      protocol: apiBase.protocol === 'https:' ? 'https' : 'http',
    }),
  });
}
