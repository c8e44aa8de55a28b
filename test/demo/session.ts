import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { IdentityProvider } from '../stripe/identity-provider.ts';

/** Who is signed in to the demo's shop, by the claims of its session cookie. */
export async function readSession(
  provider: IdentityProvider,
  cookie: string | undefined,
): Promise<JWTPayload | undefined> {
  const token = /(?:^|; )session=([^;]+)/.exec(cookie ?? '')?.[1];
  if (token === undefined) return undefined;
  const published = await provider.fetch(new Request('http://localhost/.well-known/jwks.json'));
  const keys = createLocalJWKSet(await published.json<JSONWebKeySet>());
  try {
    return (await jwtVerify(token, keys)).payload;
  } catch {
    return undefined;
  }
}
