export type FloorEnv = Env & { AUTH_JWT_SECRET?: string };
type Claims = Record<string, unknown>;

const SKEW_SECONDS = 60;

const keys = new Map<string, CryptoKey>();
let keysLoadedAt = 0;

/** The claims of a token that holds, by WebCrypto alone; else null. */
export async function verifyToken(token: string, env: FloorEnv): Promise<Claims | null> {
  const [head = '', body = '', signature = '', more] = token.split('.');
  if (more !== undefined) return null;
  try {
    const { alg, kid } = decode(head);
    const shared = env.AUTH_JWT_SECRET;
    if (alg !== (shared === undefined ? 'ES256' : 'HS256')) return null;
    const key = shared === undefined ? await publicKey(String(kid), env) : await secretKey(shared);
    if (!key) return null;
    const algorithm = shared === undefined ? { name: 'ECDSA', hash: 'SHA-256' } : 'HMAC';
    const signed = new TextEncoder().encode(`${head}.${body}`);
    if (!(await crypto.subtle.verify(algorithm, key, bytes(signature), signed))) return null;
    const claims = decode(body);
    const now = Date.now() / 1000;
    const { exp, nbf, iss, aud } = claims;
    if (typeof exp !== 'number' || exp <= now - SKEW_SECONDS) return null;
    if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + SKEW_SECONDS)) return null;
    if (env.AUTH_ISSUER !== '' && iss !== env.AUTH_ISSUER) return null;
    if (env.AUTH_AUDIENCE !== '' && ![aud].flat().includes(env.AUTH_AUDIENCE)) return null;
    return claims;
  } catch {
    return null;
  }
}

export async function secretKey(text: string): Promise<CryptoKey> {
  const known = keys.get('');
  if (known) return known;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const raw = new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify']);
  keys.set('', key);
  return key;
}

async function publicKey(kid: string, env: Env): Promise<CryptoKey | undefined> {
  if (Date.now() - keysLoadedAt > 600_000) {
    const response = await fetch(env.AUTH_JWKS_URL);
    const set: { keys: (JsonWebKey & { kid: string })[] } = await response.json();
    for (const jwk of set.keys) {
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
      const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
      keys.set(jwk.kid, key);
    }
    keysLoadedAt = Date.now();
  }
  return keys.get(kid);
}

const bytes = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  );
const decode = (part: string): Claims => JSON.parse(new TextDecoder().decode(bytes(part)));
