import { Stripe } from 'stripe';
import { toBillingError } from '../../stripe/faults.ts';
import type { Mode } from '../settings.ts';

/** The Stripe account of a key, as far as the key may read it. */
export type StripeAccount = { id: string | undefined; name: string | undefined };

/**
 * Restricted keys may rarely read the account. Stripe's refusal then names its id.
 *
 * @throws BillingError if Stripe cannot be asked
 */
export async function findStripeAccount(stripe: Stripe, mode: Mode): Promise<StripeAccount> {
  try {
    const { id, settings, business_profile: business } = await stripe.accounts.retrieveCurrent();
    return { id, name: settings?.dashboard.display_name ?? business?.name ?? undefined };
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) {
      return { id: /\bacct_\w+/.exec(error.message)?.[0], name: undefined };
    }
    throw toBillingError(error, mode === 'live');
  }
}

/** `Example Shop (acct_…), test mode` */
export function describeStripeAccount({ id, name }: StripeAccount, mode: Mode): string {
  const known = name === undefined ? id : `${name} (${id})`;
  return `${known ?? 'unknown: the key may not read it'}, ${mode} mode`;
}
