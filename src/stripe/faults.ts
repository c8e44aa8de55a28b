import { Stripe } from 'stripe';
import { BillingError, unexpected, type BillingErrorCode } from '../errors/billing-error.ts';

/** Whether Stripe says that this customer does not exist in any mode (any more). */
export function isCustomerGone(error: unknown): boolean {
  return isMissing(error, 'customer') && !isOtherMode(error);
}

/**
 * Whether Stripe takes the session but not the flow that it should open with. A flow that is
 * switched off, or has become pointless, is refused without a code; what it names may be gone.
 */
export function isFlowRefused(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return false;
  const isAboutFlow = error.param?.startsWith('flow_data') ?? false;
  return isAboutFlow || (error.code === undefined && !isPortalNeverSaved(error));
}

/** Runs calls of Stripe's client; what they throw becomes a fault of ours. */
export async function calling<T>(livemode: boolean, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw toBillingError(error, livemode);
  }
}

/**
 * The fault of ours for whatever a call of Stripe's client threw. Messages are matched only
 * where Stripe gives no code: https://docs.stripe.com/error-codes
 */
export function toBillingError(error: unknown, livemode: boolean): BillingError {
  if (error instanceof BillingError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) return unexpected(error);
  const code = codeOf(error);
  const remedy = remedies[code]({
    mode: livemode ? 'live' : 'test',
    dashboard: livemode ? 'https://dashboard.stripe.com' : 'https://dashboard.stripe.com/test',
    message: error.message,
  });
  return new BillingError(code, reasonOf(error), {
    remedy,
    ...(error.requestId && { stripeRequestId: error.requestId }),
  });
}

/** These two name the account and a part of the key, so that only their kind is told. */
function reasonOf(error: Stripe.errors.StripeError): string {
  const isAboutKey =
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError;
  return isAboutKey ? error.type : `${error.type}: ${error.message}`;
}

function codeOf(error: Stripe.errors.StripeError): StripeFaultCode {
  if (error instanceof Stripe.errors.StripeConnectionError) return 'stripe_unreachable';
  if (error instanceof Stripe.errors.StripePermissionError) return 'stripe_permission_missing';
  if (error instanceof Stripe.errors.StripeAuthenticationError) {
    return error.code === 'api_key_expired' ? 'stripe_key_expired' : 'stripe_key_refused';
  }
  if (error instanceof Stripe.errors.StripeRateLimitError) {
    return error.code === 'lock_timeout' ? 'stripe_object_locked' : 'stripe_rate_limited';
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) return codeOfRefusal(error);
  return 'stripe_unavailable';
}

function codeOfRefusal(error: Stripe.errors.StripeInvalidRequestError): StripeFaultCode {
  if (isMissing(error, 'configuration')) return 'portal_configuration_missing';
  if (isOtherMode(error)) return 'stripe_mode_mismatch';
  if (error.param === 'return_url') return 'return_url_refused';
  if (isPortalNeverSaved(error)) return 'portal_not_configured';
  if (/already set to be canceled/.test(error.message)) return 'subscription_already_canceling';
  if (/in the portal configuration is disabled/.test(error.message)) return 'flow_unavailable';
  return 'stripe_request_refused';
}

type StripeFaultCode = keyof typeof remedies;

type Situation = { mode: 'live' | 'test'; dashboard: string; message: string };

/** What the developer can do about each refusal, with the page to open. */
const remedies = {
  portal_not_configured: ({ mode, dashboard }) =>
    `Open ${dashboard}/settings/billing/portal and save the customer portal settings once. Stripe makes no ${mode} mode session before that.`,
  portal_configuration_missing: ({ mode, dashboard }) =>
    `PORTAL_CONFIGURATION names a configuration that this account does not have in ${mode} mode. Correct it, or leave it empty to use the default of ${dashboard}/settings/billing/portal.`,
  stripe_mode_mismatch: ({ mode }) =>
    `STRIPE_SECRET_KEY is a ${mode} mode key, but this customer belongs to ${mode === 'live' ? 'test' : 'live'} mode. Use the key of the mode that the customer was made in, and a database for each mode.`,
  flow_unavailable: ({ dashboard }) =>
    `Switch the feature on at ${dashboard}/settings/billing/portal.`,
  subscription_already_canceling: ({ dashboard }) =>
    `Look at the subscription at ${dashboard}/subscriptions.`,
  return_url_refused: () => 'Stripe refuses the address to return to. Check PUBLIC_ORIGIN.',
  stripe_rate_limited: () =>
    'Stripe takes 100 requests a second in live mode and 25 in a sandbox: https://docs.stripe.com/rate-limits.',
  stripe_object_locked: () =>
    'Another request was changing the same object: https://docs.stripe.com/rate-limits#object-lock-timeouts.',
  stripe_unreachable: () => 'Stripe did not answer in time. See https://status.stripe.com.',
  stripe_unavailable: () => 'Stripe failed. See https://status.stripe.com.',
  stripe_key_refused: ({ dashboard }) =>
    `Stripe does not accept STRIPE_SECRET_KEY. Copy it again from ${dashboard}/apikeys and run \`wrangler secret put STRIPE_SECRET_KEY\`.`,
  stripe_key_expired: ({ dashboard }) =>
    `STRIPE_SECRET_KEY has expired. Make a new key at ${dashboard}/apikeys and run \`wrangler secret put STRIPE_SECRET_KEY\`.`,
  stripe_permission_missing: ({ dashboard, message }) =>
    `The restricted key lacks ${permissionIn(message)}. Add it at ${dashboard}/apikeys.`,
  stripe_request_refused: ({ dashboard }) => `Look at the request at ${dashboard}/logs.`,
} satisfies Partial<Record<BillingErrorCode, (situation: Situation) => string>>;

/** A restricted key's refusal names the right it lacks, next to an account id that we drop. */
function permissionIn(message: string): string {
  return /rak_\w+/.exec(message)?.[0] ?? 'a permission';
}

type Named = 'customer' | 'configuration' | 'event' | 'subscription' | 'checkout.session';

/** Whether Stripe says that it has no such object. */
export function isMissing(error: unknown, what: Named): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing' &&
    (error.param === what || error.message.startsWith(`No such ${what}`))
  );
}

function isOtherMode(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing' &&
    /a similar object exists in (?:test|live) mode/.test(error.message)
  );
}

function isPortalNeverSaved(error: Stripe.errors.StripeInvalidRequestError): boolean {
  return /default configuration has not been created|until you save your customer portal settings/.test(
    error.message,
  );
}
