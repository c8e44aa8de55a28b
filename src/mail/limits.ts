import { networkOf } from '../config/address.ts';
import { BillingError } from '../errors/billing-error.ts';
import { keyedHash, type LinkKey } from '../links/keys.ts';

/** Cloudflare's counters; how much each lets through is written in wrangler.toml. */
export type Limits = { byAddress: RateLimit; byClient: RateLimit };

/**
 * Whether this client may ask once more. Without an address (in development) all are one.
 *
 * @throws BillingError `challenge_unavailable`: nobody is mailed unless it is counted
 */
export async function mayAsk(
  { byClient }: Limits,
  ip: string | undefined,
  key: LinkKey,
): Promise<boolean> {
  const hash = await keyedHash(key, `client ${networkOf(ip ?? '')}`);
  try {
    return (await byClient.limit({ key: hash })).success;
  } catch (error) {
    const reason = error instanceof Error ? error.name : typeof error;
    throw new BillingError(
      'challenge_unavailable',
      `SIGN_IN_BY_CLIENT does not count: ${reason}.`,
      {
        remedy: 'Check [[ratelimits]] in wrangler.toml, and https://www.cloudflarestatus.com.',
      },
    );
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
