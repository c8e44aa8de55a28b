import * as errors from 'jose/errors';
import { deriveKey } from '../hkdf.ts';
import type { TokenVerification, VerifyToken } from '../jwt.ts';

// Auth.js v5 writes the first, and reads both. The keys have as many bytes.
const ENCRYPTIONS: Record<string, number> = { 'A256CBC-HS512': 64, A256GCM: 32 };
const CLOCK_SKEW_SECONDS = 60;

/**
 * Verifies the encrypted JWT (RFC 7516) of an Auth.js v5 session. Its key is derived from the
 * site's AUTH_SECRET and the cookie's name.
 *
 * @param secrets  tried in turn, while one is rotated
 */
export function createAuthjsVerifier(name: string, secrets: string[]): VerifyToken {
  const keys = new Map<string, Promise<Uint8Array>>();

  async function keyFor(secret: string, encryption: string): Promise<Uint8Array> {
    const id = `${encryption} ${secret}`;
    const bytes = ENCRYPTIONS[encryption] ?? 0;
    const info = `Auth.js Generated Encryption Key (${name})`;
    const key = keys.get(id) ?? deriveKey(secret, { salt: name, info, bytes });
    keys.set(id, key);
    return key;
  }

  return async function verifyAuthjs(token, now): Promise<TokenVerification> {
    const { jwtDecrypt } = await import('jose/jwt/decrypt');
    for (const secret of secrets) {
      try {
        const { protectedHeader, payload } = await jwtDecrypt(
          token,
          async ({ enc }) => keyFor(secret, enc),
          {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: Object.keys(ENCRYPTIONS),
            requiredClaims: ['exp'],
            clockTolerance: CLOCK_SKEW_SECONDS,
            currentDate: now,
          },
        );
        return { kind: 'verified', claims: { header: protectedHeader, claims: payload } };
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        if (error instanceof errors.JWTExpired) {
          return { kind: 'expired', claims: { header: {}, claims: error.payload } };
        }
        // Only another secret can mend a token that does not open.
        if (!(error instanceof errors.JWEDecryptionFailed)) {
          return { kind: 'refused', reason: 'malformed' };
        }
      }
    }
    return { kind: 'refused', reason: 'signature' };
  };
}
