import type { MailStore } from '../customers/stores/mails.ts';
import { BillingError } from '../errors/billing-error.ts';
import { keyedHash, type LinkKey } from '../links/keys.ts';
import { comparable } from './address.ts';

/** Cloudflare's counters. wrangler.toml says how many each of them lets through. */
export type Limits = { byAddress: RateLimit; byClient: RateLimit };

// Cloudflare counts a minute at one of its locations. D1 counts what is sent, everywhere.
// Four networks can use up the twenty of a day. Fewer keep no customer elsewhere from signing in.
const TO_CUSTOMER_FOR_NETWORK = { most: 5, seconds: 86_400 };
const TO_CUSTOMER = { most: 20, seconds: 86_400 };
const FOR_NETWORK = { most: 50, seconds: 3600 };

/**
 * Whether this client may ask for one more mail.
 *
 * @param network  the client's; clients without one (in development) are counted together
 * @throws BillingError `challenge_unavailable`: no mail is sent uncounted
 */
export async function mayAsk(
  { byClient }: Limits,
  network: string | undefined,
  key: LinkKey,
): Promise<boolean> {
  const hash = await keyedHash(key, `client ${network ?? ''}`);
  try {
    return (await byClient.limit({ key: hash })).success;
  } catch (error) {
    const reason = error instanceof Error ? error.name : typeof error;
    throw new BillingError('challenge_unavailable', `SIGN_IN_BY_CLIENT failed: ${reason}.`);
  }
}

/** Whether one more mail may go to this address for this network. */
export async function mayBeMailed(
  { byAddress }: Limits,
  { address, network }: { address: string; network: string | undefined },
  key: LinkKey,
): Promise<boolean> {
  const hash = await keyedHash(key, `address ${comparable(address)} for ${network ?? ''}`);
  return (await byAddress.limit({ key: hash })).success;
}

/**
 * Counts a mail that is about to be sent.
 *
 * @returns the customers that its link may open: those that have not had their mails yet. One
 *   customer's mails must not keep another with the same address from signing in
 */
export async function mayBeSent(
  mails: MailStore,
  { customers, network }: { customers: string[]; network: string | undefined },
  key: LinkKey,
  now: Date,
): Promise<string[]> {
  const limitOf = async (name: string, { most, seconds }: typeof TO_CUSTOMER) => ({
    counted: await keyedHash(key, name),
    most,
    seconds,
  });
  const limits = await Promise.all(
    customers.map(async (id) =>
      Promise.all([
        limitOf(`mails to ${id}`, TO_CUSTOMER),
        limitOf(`mails to ${id} for ${network ?? ''}`, TO_CUSTOMER_FOR_NETWORK),
      ]),
    ),
  );
  const shared = await limitOf(`mails for ${network ?? ''}`, FOR_NETWORK);
  const counted = new Set(await mails.count(limits, shared, now));
  return customers.filter((_, place) =>
    limits[place]?.every((limit) => counted.has(limit.counted)),
  );
}
