import { BillingError } from '../errors/billing-error.ts';
import { keyedHash, type LinkKey } from '../links/keys.ts';

/** Cloudflare's counters. wrangler.toml says how many each of them lets through. */
export type Limits = { byAddress: RateLimit; byClient: RateLimit };

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

/** Whether one more mail may go to this address. */
export async function mayBeMailed(
  { byAddress }: Limits,
  address: string,
  key: LinkKey,
): Promise<boolean> {
  const hash = await keyedHash(key, `address ${address.toLowerCase()}`);
  return (await byAddress.limit({ key: hash })).success;
}
