import { networkOf } from '../address.ts';
import { keyedHash, type LinkKey } from '../identity/link-keys.ts';

/** Cloudflare's counters; how much each lets through is written in wrangler.toml. */
export type Limits = { byAddress: RateLimit; byClient: RateLimit };

/** Whether this client may ask once more. Without an address (in development) all are one. */
export async function mayAsk(
  { byClient }: Limits,
  ip: string | undefined,
  key: LinkKey,
): Promise<boolean> {
  const hash = await keyedHash(key, `client ${networkOf(ip ?? '')}`);
  return (await byClient.limit({ key: hash })).success;
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
