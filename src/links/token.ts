import type { JWTPayload } from 'jose';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import * as errors from 'jose/errors';
import { SignJWT } from 'jose/jwt/sign';
import { jwtVerify } from 'jose/jwt/verify';
import type { LinkKey } from './keys.ts';

/** What distinguishes our kinds of token: RFC 8725 §3.11 (typ), §3.9 (aud). */
export type Kind = { typ: string; audience: string };

/** Why a token of ours is refused. It is for the log: the visitor's page is always the same. */
export type OwnTokenRefusal =
  | 'malformed'
  | 'type'
  | 'unknown_key'
  | 'signature'
  | 'audience'
  | 'not_yet_valid'
  | 'expiry_missing'
  | 'claims'
  | 'lifetime';

export type OwnTokenVerification =
  | { kind: 'valid' | 'expired'; payload: JWTPayload; key: LinkKey }
  | { kind: 'refused'; reason: OwnTokenRefusal };

/** How far the clock of a back end that mints may be ahead of ours. */
export const CLOCK_SKEW_SECONDS = 60;

// jose decodes base64url leniently: it ignores the two unused bits in the last character of a
// 32-byte signature. We accept one spelling only, so that a token has no variants.
const COMPACT_HS256 = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/;

/** Signs claims with HS256. The key's id goes into the header, so that keys can be rotated. */
export async function mintToken(
  claims: JWTPayload,
  { typ, audience }: Kind,
  key: LinkKey,
  lifetime: { issuedAt: number; expiresAt: number },
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ, kid: key.id })
    .setAudience(audience)
    .setIssuedAt(lifetime.issuedAt)
    .setExpirationTime(lifetime.expiresAt)
    .sign(key.secret);
}

/**
 * Verifies the type, the signature, the audience and the times. The key id is optional, because
 * back ends mint links, too. When it is present, no other key is tried.
 */
export async function verifyToken(
  token: string,
  { typ, audience }: Kind,
  keys: LinkKey[],
  now: Date,
): Promise<OwnTokenVerification> {
  if (!COMPACT_HS256.test(token)) return { kind: 'refused', reason: 'malformed' };
  const wanted = keyIdOf(token);
  const candidates = wanted === undefined ? keys : keys.filter(({ id }) => id === wanted);
  let reason: OwnTokenRefusal = 'unknown_key';
  for (const key of candidates) {
    try {
      const { payload } = await jwtVerify(token, key.secret, {
        algorithms: ['HS256'],
        typ,
        audience,
        requiredClaims: ['exp', 'iat'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: now,
      });
      return { kind: 'valid', payload, key };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      if (error instanceof errors.JWTExpired) {
        return { kind: 'expired', payload: error.payload, key };
      }
      reason = reasonOf(error);
      // Another key can only mend a wrong signature.
      if (reason !== 'signature') break;
    }
  }
  return { kind: 'refused', reason };
}

function keyIdOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token);
    return kid;
  } catch {
    return ''; // No key has this id.
  }
}

function reasonOf(error: errors.JOSEError): OwnTokenRefusal {
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  switch (error.claim) {
    case 'typ':
      return 'type';
    case 'aud':
      return 'audience';
    case 'nbf':
      return 'not_yet_valid';
    default:
      return 'expiry_missing';
  }
}
