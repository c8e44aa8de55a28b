import { Stripe } from 'stripe';
import type { BillingError } from '../errors/billing-error.ts';
import { toBillingError } from '../stripe/faults.ts';

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

/** Whether Stripe lets the key make this call, however the call ends. */
export async function isPermitted(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    return !(error instanceof Stripe.errors.StripePermissionError);
  }
}
