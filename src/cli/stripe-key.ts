import type { Stripe } from 'stripe';
import type { BillingError } from '../errors/billing-error.ts';
import { isForbidden, toBillingError } from '../stripe/faults.ts';

/** Whether Stripe accepts the key at all. */
export type KeyProbe = { kind: 'accepted' } | { kind: 'refused'; fault: BillingError };

/** Makes a small request. A missing permission shows that the key itself is accepted. */
export async function probeKey(stripe: Stripe, livemode: boolean): Promise<KeyProbe> {
  try {
    await stripe.customers.list({ limit: 1 });
    return { kind: 'accepted' };
  } catch (error) {
    const fault = toBillingError(error, livemode);
    return fault.code === 'stripe_permission_missing'
      ? { kind: 'accepted' }
      : { kind: 'refused', fault };
  }
}

/** What a key lacks that may not read Coupons. */
export const NO_COUPONS =
  'Without read for Coupons (rak_coupon_read), which is optional, the page says that there is a discount, and not which.';

// Stripe checks the permission before it finds that there is no such coupon.
export const mayReadCoupons = async (stripe: Stripe) =>
  isPermitted(async () => stripe.coupons.retrieve('doctor0tries0the0right'));

/** A permission, and a call that shows whether a key has it and changes nothing. */
export type Trial = { permission: string; attempt: (stripe: Stripe) => Promise<unknown> };

/** What the Worker does without, and what visitors then miss. */
export const OPTIONAL_TRIALS: readonly (Trial & { without: string })[] = [
  {
    permission: 'rak_invoice_read',
    attempt: async (stripe) => stripe.invoices.list({ limit: 1, expand: ['data.payments'] }),
    without:
      'Without Invoices, the page does not say what is due, links to pay open the portal, and signed ones open nothing.',
  },
  {
    permission: 'rak_payment_intent_read',
    attempt: async (stripe) => stripe.paymentIntents.list({ limit: 1 }),
    without: 'Without PaymentIntents, an invoice counts as due while its payment is on its way.',
  },
];

/** Those that the key lacks. */
export async function lackingOf<Tried extends Trial>(
  stripe: Stripe,
  trials: readonly Tried[],
): Promise<Tried[]> {
  const lacking: Tried[] = [];
  for (const trial of trials) {
    if (!(await isPermitted(async () => trial.attempt(stripe)))) lacking.push(trial);
  }
  return lacking;
}

/** Whether Stripe lets the key make this call, however the call ends. */
async function isPermitted(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    return !isForbidden(error);
  }
}
