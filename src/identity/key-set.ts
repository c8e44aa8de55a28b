import type { JSONWebKeySet, JWK } from 'jose';
import * as base64url from 'jose/base64url';

// Never together with HS256: a public key must not pass for an HMAC secret (RFC 8725 §2.1).
export const PUBLIC_KEY_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const FETCH_MILLISECONDS = 3_000;
// RFC 7518 §3.3
const LEAST_RSA_BYTES = 256;
const CURVES: Record<string, string[]> = { EC: ['P-256', 'P-384', 'P-521'], OKP: ['Ed25519'] };

/** The keys of a provider that can verify tokens, and those that are passed over. */
export type KeySet = JSONWebKeySet & { unusable: JWK[] };

/** Fetches a key set (RFC 7517 §5). Throws an error that says why there is none. */
export async function fetchKeySet(url: URL): Promise<KeySet> {
  return readKeySet(await requestKeySet(url));
}

export async function requestKeySet(url: URL): Promise<Response> {
  return fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // Keys come from the configured address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
  });
}

export async function readKeySet(response: Response): Promise<KeySet> {
  if (response.status !== 200) throw new Error(`the key set answers ${response.status}`);
  const { keys }: JSONWebKeySet = (await response.json()) ?? {};
  if (!Array.isArray(keys)) throw new Error('the answer is not a key set');
  return { keys: keys.filter(isUsable), unusable: keys.filter((key) => !isUsable(key)) };
}

/** One weak or unknown key must not stop the others: WebCrypto would refuse to import it. */
function isUsable(key: JWK | null): key is JWK {
  if (typeof key !== 'object' || key === null || key.use === 'enc') return false;
  if (key.alg !== undefined && !PUBLIC_KEY_ALGORITHMS.includes(key.alg)) return false;
  if (key.kty === 'RSA') return typeof key.n === 'string' && bytesIn(key.n) >= LEAST_RSA_BYTES;
  return CURVES[key.kty ?? '']?.includes(key.crv ?? '') ?? false;
}

function bytesIn(text: string): number {
  try {
    const bytes = base64url.decode(text);
    // Leading zeros make no key stronger.
    return (
      bytes.length -
      Math.max(
        0,
        bytes.findIndex((byte) => byte !== 0),
      )
    );
  } catch {
    return 0;
  }
}
