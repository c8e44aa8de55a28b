import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { randomWord } from './identifiers.ts';

/** One ES256 key at a time, with a new name after each rotation. */
export async function createKeyring() {
  let current = await createKey();
  return {
    publicKey: () => current.jwk,
    rotate: async () => {
      current = await createKey();
    },
    sign: async (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: current.jwk.kid, typ: 'JWT', ...header })
        .sign(current.privateKey),
  };
}

async function createKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: randomWord(12), alg: 'ES256', use: 'sig' };
  return { jwk, privateKey };
}
