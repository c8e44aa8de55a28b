import type { Stripe } from 'stripe';
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
