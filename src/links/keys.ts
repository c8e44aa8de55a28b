/** A key that signs links. Its id can be computed from the secret. */
export type LinkKey = { id: string; secret: Uint8Array };

/** The keys of LINK_SECRET, in its order: the first signs, all verify. */
export type LinkKeys = () => Promise<LinkKey[]>;

const ID_BYTES = 8;

export function createLinkKeys(secrets: string[]): LinkKeys {
  let keys: LinkKey[] | undefined;
  return async () => (keys ??= await Promise.all(secrets.map(toKey)));
}

/** The id is the first 8 bytes of the secret's SHA-256 in hex, which any language can compute. */
async function toKey(text: string): Promise<LinkKey> {
  const secret = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', secret));
  return { id: toHex(digest.subarray(0, ID_BYTES)), secret };
}

/** An HMAC of a value, for counters: it reveals nothing without the secret. */
export async function keyedHash({ secret }: LinkKey, value: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign']);
  const bytes = new TextEncoder().encode(value);
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes)));
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
