import { createHash, createHmac } from 'node:crypto';
import type { Stripe } from 'stripe';
import { DEFAULT } from './file.ts';

type Marked = Pick<Stripe.BillingPortal.Configuration, 'metadata'>;

// Marks the default portal that setup made, so that it is found again and never made twice.
const MARK = 'portal_link';

// Marks the others, each with its name.
const NAMED_MARK = 'portal_link_portal';

// Tells which key setup has stored, where the store itself shows it to nobody.
const KEY_MARK = 'portal_link_key';

/** Metadata that says whose portal it is, and which. */
export const markOf = (workerName: string, portal: string): Record<string, string> =>
  portal === DEFAULT ? { [MARK]: workerName } : { [NAMED_MARK]: `${workerName}/${portal}` };

/** The name of the portal, if setup made it for this Worker. */
export function portalMarkedIn({ metadata }: Marked, workerName: string): string | undefined {
  if (metadata?.[MARK] === workerName) return DEFAULT;
  // Names of Workers have no slash.
  const [owner, name] = metadata?.[NAMED_MARK]?.split('/') ?? [];
  return owner === workerName ? name : undefined;
}

/** Whether setup made it, for whichever Worker. */
export function isManaged({ metadata }: Marked): boolean {
  return metadata?.[MARK] !== undefined || metadata?.[NAMED_MARK] !== undefined;
}

export const markOfKey = (secretKey: string) => ({ [KEY_MARK]: fingerprint(secretKey) });

/** Whether setup has noted that the Worker got this key. */
export function isMarkedWithKey({ metadata }: Marked, secretKey: string): boolean {
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
  { metadata }: Marked,
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
