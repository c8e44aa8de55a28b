import { createHash, createHmac } from 'node:crypto';
import { Stripe } from 'stripe';
import { isMissing, toBillingError } from '../../stripe/faults.ts';

export type Configuration = Stripe.BillingPortal.Configuration;

export type Found =
  | { kind: 'found'; configuration: Configuration }
  | { kind: 'never_saved' }
  | { kind: 'missing' }
  | { kind: 'malformed' }
  | { kind: 'unreadable' };

/** The page of the portal's settings, in the dashboard of either mode. */
export const PORTAL_PATH = '/settings/billing/portal';

// Marks the one that setup made, so that it is found again and never made twice.
const MARK = 'portal_link';

// Tells which key setup has stored, where the store itself shows it to nobody.
const KEY_MARK = 'portal_link_key';

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

/** The configuration that setup made for this Worker, in the mode of the key. */
export async function findOwnConfiguration(
  stripe: Stripe,
  workerName: string,
): Promise<Configuration | undefined> {
  const all = stripe.billingPortal.configurations.list({
    limit: 100,
    expand: [`data.${PRODUCTS}`],
  });
  for await (const configuration of all) {
    if (configuration.metadata?.[MARK] === workerName) return configuration;
  }
  return undefined;
}

export const markOf = (workerName: string) => ({ [MARK]: workerName });

export function isManaged({ metadata }: Configuration): boolean {
  return metadata?.[MARK] !== undefined;
}

export const markOfKey = (secretKey: string) => ({ [KEY_MARK]: fingerprint(secretKey) });

/** Whether setup has noted that the Worker got this key. */
export function isMarkedWithKey({ metadata }: Configuration, secretKey: string): boolean {
  return metadata?.[KEY_MARK] === fingerprint(secretKey);
}

/**
 * Marks another secret that the Worker got. Operators choose some of these, so the hash is keyed
 * with what nobody can read at Stripe.
 */
export const markOfSecret = (name: string, value: string, secretKey: string) => ({
  [`${KEY_MARK}_${name.toLowerCase()}`]: createHmac('sha256', secretKey)
    .update(`${name}=${value}`)
    .digest('hex')
    .slice(0, 16),
});

/** Whether setup has noted that the Worker got this secret. */
export function isMarkedWithSecret(
  { metadata }: Configuration,
  name: string,
  value: string,
  secretKey: string,
): boolean {
  const [[mark, hash] = ['']] = Object.entries(markOfSecret(name, value, secretKey));
  return metadata?.[mark] === hash;
}

/** Keys are random, so nobody finds one by its hash. */
function fingerprint(secretKey: string): string {
  return createHash('sha256').update(secretKey).digest('hex').slice(0, 16);
}
