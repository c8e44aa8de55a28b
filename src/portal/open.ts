import type { Stripe } from 'stripe';
import { parseSecureUrl } from '../address.ts';
import type { Config } from '../config.ts';
import { BillingError } from '../errors.ts';
import { isCustomerGone, toBillingError } from '../stripe/faults.ts';

export type Opening = { kind: 'opened'; url: string } | { kind: 'customer_gone' };

/**
 * Makes a fresh portal session. Its URL opens one customer's billing to whoever holds it, for
 * a few minutes: it is handed on at once and kept nowhere.
 * https://docs.stripe.com/api/customer_portal/sessions/create
 *
 * @throws BillingError with the code of Stripe's refusal or outage
 */
export async function openPortal(
  stripe: Stripe,
  config: Pick<Config, 'livemode' | 'portal'>,
  session: { customer: string; returnUrl: string; locale: string | undefined },
): Promise<Opening> {
  const { configuration, afterExpiration } = config.portal;
  try {
    const { url } = await stripe.billingPortal.sessions.create({
      customer: session.customer,
      return_url: session.returnUrl,
      ...(configuration !== undefined && { configuration }),
      ...(session.locale !== undefined && { locale: session.locale }),
      ...(afterExpiration !== undefined && {
        after_expiration: { type: afterExpiration, customer_login: {} },
      }),
    });
    return { kind: 'opened', url: checkedUrl(url) };
  } catch (error) {
    if (isCustomerGone(error)) return { kind: 'customer_gone' };
    // The client trips over JSON that is no object with an error of the language's own.
    if (error instanceof TypeError) throw unusable('JSON that is no object');
    throw toBillingError(error, config.livemode);
  }
}

/** The client takes any JSON without an `error` for success, so the answer is looked at. */
function checkedUrl(url: unknown): string {
  const checked = typeof url === 'string' ? parseSecureUrl(url) : null;
  if (checked) return checked.href;
  throw unusable('a session without an https URL');
}

function unusable(what: string): BillingError {
  return new BillingError('stripe_answer_unusable', `Stripe answered with ${what}.`);
}
