import { Stripe } from 'stripe';
import { isMissing, toBillingError } from '../../stripe/faults.ts';
import { portalMarkedIn } from './marks.ts';

export type Configuration = Stripe.BillingPortal.Configuration;

export type Found =
  | { kind: 'found'; configuration: Configuration }
  | { kind: 'never_saved' }
  | { kind: 'missing' }
  | { kind: 'malformed' }
  | { kind: 'unreadable' };

/** The page of the portal's settings, in the dashboard of either mode. */
export const PORTAL_PATH = '/settings/billing/portal';

// Products are left out of the answer unless they are asked for.
const PRODUCTS = 'features.subscription_update.products';

/**
 * The configuration that sessions get: the one named, or else the account's default.
 *
 * @throws BillingError when Stripe cannot be asked
 */
export async function findConfiguration(
  stripe: Stripe,
  id: string | undefined,
  livemode: boolean,
): Promise<Found> {
  if (id !== undefined && !/^bpc_\w+$/.test(id)) return { kind: 'malformed' };
  try {
    if (id !== undefined) {
      const expand = [PRODUCTS];
      return {
        kind: 'found',
        configuration: await stripe.billingPortal.configurations.retrieve(id, { expand }),
      };
    }
    const { data } = await stripe.billingPortal.configurations.list({
      is_default: true,
      active: true,
      limit: 1,
      expand: [`data.${PRODUCTS}`],
    });
    return data[0] ? { kind: 'found', configuration: data[0] } : { kind: 'never_saved' };
  } catch (error) {
    if (isMissing(error, 'configuration')) return { kind: 'missing' };
    if (error instanceof Stripe.errors.StripePermissionError) return { kind: 'unreadable' };
    throw toBillingError(error, livemode);
  }
}

/**
 * The configurations that setup made for this Worker, in the mode of the key, by the names of their
 * portals. Of several with one name, one that is active counts.
 */
export async function findOwnConfigurations(
  stripe: Stripe,
  workerName: string,
): Promise<Map<string, Configuration>> {
  const own = new Map<string, Configuration>();
  const all = stripe.billingPortal.configurations.list({
    limit: 100,
    expand: [`data.${PRODUCTS}`],
  });
  for await (const configuration of all) {
    const name = portalMarkedIn(configuration, workerName);
    if (name !== undefined && !own.get(name)?.active) own.set(name, configuration);
  }
  return own;
}
