import { Stripe } from 'stripe';
import { BillingError, unexpected } from '../errors/billing-error.ts';
import type { stripeCodes } from '../errors/codes/stripe.ts';

type StripeCode = keyof typeof stripeCodes;

/** Whether the restricted key lacks the right. */
export function isForbidden(error: unknown): boolean {
  return error instanceof Stripe.errors.StripePermissionError;
}

/** Whether Stripe says that this customer does not exist, or no longer exists, in any mode. */
export function isCustomerGone(error: unknown): boolean {
  return isMissing(error, 'customer') && !isOtherMode(error);
}

/**
 * Whether Stripe refuses only the flow of a session. A flow that is switched off or no longer
 * applies is refused without a code; what the flow names may be gone.
 */
export function isFlowRefused(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return false;
  const isAboutFlow = error.param?.startsWith('flow_data') ?? false;
  const isWithoutCause = error.code === undefined && error.param === undefined;
  return isAboutFlow || (isWithoutCause && !isPortalNeverSaved(error));
}

/**
 * Whether Stripe failed, and would repeat this answer to the same idempotency key.
 * https://docs.stripe.com/api/idempotent_requests
 */
export function isFinalOutage(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeAPIError &&
    (error.statusCode ?? 0) >= 500 &&
    error.headers?.['stripe-should-retry'] === 'false'
  );
}

/** Runs calls of Stripe's client, and throws their errors as BillingErrors. */
export async function calling<T>(livemode: boolean, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw toBillingError(error, livemode);
  }
}

/**
 * Our fault for an error of Stripe's client. Messages are matched only where Stripe gives no
 * code: https://docs.stripe.com/error-codes
 */
export function toBillingError(error: unknown, livemode: boolean): BillingError {
  if (error instanceof BillingError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) return unexpected(error);
  const code = codeOf(error);
  const situation = {
    mode: livemode ? ('live' as const) : ('test' as const),
    dashboard: livemode ? 'https://dashboard.stripe.com' : 'https://dashboard.stripe.com/test',
    message: error.message,
  };
  return new BillingError(code, reasonOf(error), {
    situation,
    ...(error.requestId && { stripeRequestId: error.requestId }),
  });
}

/** The messages of these two contain the account and a part of the key. */
function reasonOf(error: Stripe.errors.StripeError): string {
  const isAboutKey =
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError;
  return isAboutKey ? error.type : `${error.type}: ${error.message}`;
}

function codeOf(error: Stripe.errors.StripeError): StripeCode {
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

function codeOfRefusal(error: Stripe.errors.StripeInvalidRequestError): StripeCode {
  if (isMissing(error, 'configuration')) return 'portal_configuration_missing';
  if (isOtherMode(error)) return 'stripe_mode_mismatch';
  if (error.param === 'return_url') return 'return_url_refused';
  if (isPortalNeverSaved(error)) return 'portal_not_configured';
  if (/already set to be canceled/.test(error.message)) return 'subscription_already_canceling';
  if (/in the portal configuration is disabled/.test(error.message)) return 'flow_unavailable';
  return 'stripe_request_refused';
}

type Named =
  | 'customer'
  | 'configuration'
  | 'coupon'
  | 'price'
  | 'product'
  | 'subscription'
  | 'checkout.session';

/** Whether Stripe says that it has no such object. */
export function isMissing(error: unknown, what: Named): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing' &&
    (error.param === what || error.message.startsWith(`No such ${what}`))
  );
}

/**
 * Whether Stripe no longer knows the cursor of a list, which is all that a list with a cursor can
 * be refused for. An old event is refused in several wordings, as 400 or as 404.
 */
export const isCursorGone = isRefusal;

/**
 * Whether Stripe refuses to search at all, as it does for accounts of some countries. Nothing is
 * wrong with our query. https://docs.stripe.com/search#supported-countries
 */
export const isSearchRefused = isRefusal;

function isRefusal(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    (error.statusCode === 400 || error.statusCode === 404)
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
