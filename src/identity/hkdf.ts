/**
 * Derives a key from a secret (RFC 5869, with SHA-256).
 *
 * @param info  what the key is for: another purpose, another key
 */
export async function deriveKey(
  secret: string,
  { salt = '', info, bytes }: { salt?: string; info: string; bytes: number },
): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const usages = ['deriveBits'];
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, usages);
  const parameters = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: encoder.encode(salt),
    info: encoder.encode(info),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, bytes * 8));
}
