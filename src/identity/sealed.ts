import type { JWTPayload } from 'jose';
import * as errors from 'jose/errors';
import { deriveKey } from './hkdf.ts';

// Of A256GCM.
const KEY_BYTES = 32;

export type Opened =
  | { kind: 'valid' | 'expired'; claims: JWTPayload }
  | { kind: 'refused'; reason: 'seal' | 'claims' };

/** Seals our own values of one type, so that nobody else can read or make them. */
export type Seal = {
  /** @param audience  the origin that it is for */
  close(claims: JWTPayload, audience: string, now: Date, seconds: number): Promise<string>;
  open(text: string, audience: string, now: Date): Promise<Opened>;
};

/**
 * An encrypted JWT (RFC 7516) by keys that are derived from secrets: the first seals, all open,
 * and each type, and each state of the settings, has keys of its own.
 */
export function createSeal(typ: string, secrets: string[], settings = ''): Seal {
  let derived: Promise<Uint8Array[]> | undefined;
  const keys = async () =>
    (derived ??= Promise.all(
      secrets.map(async (secret) =>
        deriveKey(secret, { info: `${typ}${settings}`, bytes: KEY_BYTES }),
      ),
    ));

  return {
    async close(claims, audience, now, seconds) {
      const [key] = await keys();
      if (!key) throw new Error('There is no secret to seal with.');
      const { EncryptJWT } = await import('jose/jwt/encrypt');
      const issuedAt = Math.floor(now.getTime() / 1000);
      return new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ })
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + seconds)
        .encrypt(key);
    },
    async open(text, audience, now) {
      const { jwtDecrypt } = await import('jose/jwt/decrypt');
      for (const key of await keys()) {
        try {
          const { payload } = await jwtDecrypt(text, key, {
            typ,
            audience,
            requiredClaims: ['exp', 'iat'],
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
            currentDate: now,
          });
          return { kind: 'valid', claims: payload };
        } catch (error) {
          if (!(error instanceof errors.JOSEError)) throw error;
          if (error instanceof errors.JWTExpired) return { kind: 'expired', claims: error.payload };
          // Only another key can mend a seal that does not open.
          if (!(error instanceof errors.JWEDecryptionFailed)) {
            return { kind: 'refused', reason: 'claims' };
          }
        }
      }
      return { kind: 'refused', reason: 'seal' };
    },
  };
}
