import type { Stripe } from 'stripe';
import { parseSecureUrl } from '../config/secure-url.ts';
import type { Config } from '../config/config.ts';
import { BillingError } from '../errors/billing-error.ts';
import { withoutCallSite } from '../stripe/client.ts';
import { isCustomerGone, isFinalOutage, isFlowRefused, toBillingError } from '../stripe/faults.ts';
import { withoutRetention, type FlowData } from './flow.ts';
import type { Portal } from './portals.ts';

export type Opening =
  | { kind: 'opened'; url: string; flowRefused: boolean }
  | { kind: 'customer_gone' };

export type SessionRequest = {
  customer: string;
  portal: Portal;
  returnUrl: string;
  locale: string | undefined;
  flow: FlowData | undefined;
};

/**
 * Creates a fresh portal session. For a few minutes its URL opens one customer's billing, in any
 * hands: it is passed on at once and stored nowhere. If Stripe refuses the flow, which the
 * portal's settings can switch off, the portal's home is opened instead.
 * https://docs.stripe.com/api/customer_portal/sessions/create
 *
 * @throws BillingError with a code of errors/codes/stripe.ts
 */
export async function openPortal(
  stripe: Stripe,
  config: Pick<Config, 'livemode' | 'afterExpiration'>,
  request: SessionRequest,
): Promise<Opening> {
  try {
    const url = await createSession(stripe, config, request);
    return { kind: 'opened', url, flowRefused: false };
  } catch (error) {
    if (isCustomerGone(error)) return { kind: 'customer_gone' };
    if (request.flow && isFlowRefused(error)) {
      const plain = withoutRetention(request.flow);
      // A coupon that is gone must not keep anybody from cancelling.
      if (plain) return openPortal(stripe, config, { ...request, flow: plain });
      const home = await openPortal(stripe, config, { ...request, flow: undefined });
      return home.kind === 'opened' ? { ...home, flowRefused: true } : home;
    }
    throw toBillingError(error, config.livemode);
  }
}

async function createSession(
  stripe: Stripe,
  { afterExpiration }: Pick<Config, 'afterExpiration'>,
  { customer, portal: { configuration }, returnUrl, locale, flow }: SessionRequest,
): Promise<string> {
  const create = async (options?: Stripe.RequestOptions) =>
    withoutCallSite(async () =>
      stripe.billingPortal.sessions.create(
        {
          customer,
          return_url: returnUrl,
          ...(configuration !== undefined && { configuration }),
          ...(locale !== undefined && { locale }),
          ...(flow && { flow_data: flow }),
          ...(afterExpiration !== undefined && {
            after_expiration: { type: afterExpiration, customer_login: {} },
          }),
        },
        options,
      ),
    );
  try {
    const { url } = await create().catch(async (error: unknown) => {
      // The client has not tried again, because Stripe would repeat its answer to the same
      // idempotency key. A call of its own has a new key.
      if (isFinalOutage(error)) return create({ maxNetworkRetries: 0 });
      throw error;
    });
    return checkedUrl(url);
  } catch (error) {
    // Stripe's client throws a TypeError for JSON that is not an object.
    if (error instanceof TypeError) throw unusable('JSON that is not an object');
    throw error;
  }
}

/** Stripe's client takes any JSON without an `error` for a success, so the URL is checked. */
function checkedUrl(url: unknown): string {
  const checked = typeof url === 'string' ? parseSecureUrl(url) : null;
  if (checked) return checked.href;
  throw unusable('a session without an https URL');
}

function unusable(what: string): BillingError {
  return new BillingError('stripe_answer_unusable', `Stripe answered with ${what}.`);
}
