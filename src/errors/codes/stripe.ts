import { command } from '../../commands.ts';
import type { Entry } from '../entry.ts';

/** The codes of what Stripe answers. */
export const stripeCodes = {
  portal_not_configured: {
    status: 503,
    page: 'notReady',
    title: 'Customer portal not configured',
    detail: 'The customer portal was never saved in this mode.',
    remedy: ({ mode, dashboard }) =>
      `Open ${dashboard}/settings/billing/portal and save the customer portal settings once. Stripe makes no ${mode} mode session before that.`,
  },
  portal_configuration_missing: {
    status: 503,
    page: 'notReady',
    title: 'Portal configuration missing',
    detail: 'The configured portal configuration does not exist in this mode.',
    remedy: ({ mode, dashboard }) =>
      `This account has no configuration with the id in PORTALS or PORTAL_CONFIGURATION in ${mode} mode. Run \`${command('setup')}\`, or leave both empty to use the default of ${dashboard}/settings/billing/portal.`,
  },
  stripe_mode_mismatch: {
    status: 503,
    page: 'notReady',
    title: 'Key and customer of different modes',
    detail: 'The key is of one mode and the customer of the other.',
    remedy: ({ mode }) =>
      `STRIPE_SECRET_KEY is a ${mode} mode key, but this customer belongs to ${mode === 'live' ? 'test' : 'live'} mode. Use the key of the mode that the customer was made in, and a database for each mode.`,
  },
  flow_unavailable: {
    status: 409,
    page: 'notReady',
    title: 'Flow unavailable',
    detail: 'The portal’s settings switch this flow off.',
    remedy: ({ dashboard }) => `Switch the feature on at ${dashboard}/settings/billing/portal.`,
  },
  subscription_already_canceling: {
    status: 409,
    page: 'notReady',
    title: 'Already cancelled',
    detail: 'This subscription is already set to end.',
    remedy: ({ dashboard }) => `Look at the subscription at ${dashboard}/subscriptions.`,
  },
  return_url_refused: {
    status: 503,
    page: 'notReady',
    title: 'Return address refused by Stripe',
    detail: 'Stripe refused the return address.',
    remedy: 'Check PUBLIC_ORIGIN.',
  },
  stripe_rate_limited: {
    status: 503,
    page: 'tryAgain',
    title: 'Stripe’s rate limit',
    detail: 'Stripe’s rate limit is reached. Try again.',
    retryAfter: 5,
    remedy:
      'Stripe takes 100 requests a second in live mode and 25 in a sandbox: https://docs.stripe.com/rate-limits.',
  },
  stripe_object_locked: {
    status: 503,
    page: 'tryAgain',
    title: 'Customer locked',
    detail: 'Another request is changing the same object at Stripe. Try again.',
    retryAfter: 2,
    remedy:
      'Stripe locks an object while it changes: https://docs.stripe.com/rate-limits#object-lock-timeouts.',
  },
  stripe_unreachable: {
    status: 503,
    page: 'tryAgain',
    title: 'Stripe unreachable',
    detail: 'Stripe did not answer in time, twice.',
    retryAfter: 10,
    remedy: 'See https://status.stripe.com.',
  },
  stripe_unavailable: {
    status: 503,
    page: 'tryAgain',
    title: 'Stripe unavailable',
    detail: 'Stripe answered with a failure of its own.',
    retryAfter: 10,
    remedy: 'See https://status.stripe.com.',
  },
  stripe_answer_unusable: {
    status: 502,
    page: 'tryAgain',
    title: 'Unusable answer from Stripe',
    detail: 'Stripe’s answer has no session URL.',
    retryAfter: 10,
    remedy: 'See https://status.stripe.com.',
  },
  stripe_key_refused: {
    status: 503,
    page: 'notReady',
    title: 'Stripe key refused',
    detail: 'Stripe does not accept the Worker’s key.',
    remedy: ({ dashboard }) =>
      `Copy the key again from ${dashboard}/apikeys, and give it to setup, or to \`wrangler secret put STRIPE_SECRET_KEY\`.`,
  },
  stripe_key_expired: {
    status: 503,
    page: 'notReady',
    title: 'Stripe key expired',
    detail: 'The Worker’s key has expired.',
    remedy: ({ dashboard }) =>
      `Make a new key at ${dashboard}/apikeys, and give it to setup, or to \`wrangler secret put STRIPE_SECRET_KEY\`.`,
  },
  stripe_permission_missing: {
    status: 503,
    page: 'notReady',
    title: 'Stripe permission missing',
    detail: 'The restricted key lacks a permission.',
    remedy: ({ dashboard, message }) =>
      `The restricted key lacks ${permissionIn(message)}. Add it at ${dashboard}/apikeys.`,
  },
  stripe_request_refused: {
    status: 502,
    page: 'notReady',
    title: 'Request refused by Stripe',
    detail: 'Stripe refused the request.',
    remedy: ({ dashboard }) => `Look up the request by its id at ${dashboard}/logs.`,
  },
} as const satisfies Record<string, Entry>;

/** Stripe's refusal names the missing permission, next to an account id that is left out here. */
function permissionIn(message: string): string {
  return /rak_\w+/.exec(message)?.[0] ?? 'a permission';
}
