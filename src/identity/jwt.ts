import {
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { Config } from '../config/config.ts';
import { BillingError } from '../errors/billing-error.ts';
import type { SiteIdentity } from './identify.ts';
import { noKeys, remoteKeys, secretKey, type Keys } from './keys.ts';

/** Why a token does not count: for the log, and for the client that sent it as a bearer. */
export type TokenRefusal =
  | 'malformed'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'expired'
  | 'not_yet_valid'
  | 'issuer'
  | 'audience'
  | 'expiry_missing'
  | 'subject';

export type TokenVerification =
  | { kind: 'verified'; identity: SiteIdentity }
  | { kind: 'refused'; reason: TokenRefusal };

export type VerifyToken = (token: string, now: Date) => Promise<TokenVerification>;

const CLOCK_SKEW_SECONDS = 60;

// Base64url without padding (RFC 7515 §2), which jose would overlook; no longer than headers are.
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const LONGEST = 16 * 1024;

/**
 * Verifies the site's own session tokens (RFC 7519, as RFC 8725 advises).
 *
 * @throws BillingError `identity_provider_unavailable` when there is no key set to verify with
 */
export function createTokenVerifier(auth: Config['auth']): VerifyToken {
  const keys = keysOf(auth.keys);
  const expectations: JWTVerifyOptions = {
    algorithms: keys.algorithms,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_SECONDS,
    ...(auth.issuer !== undefined && { issuer: auth.issuer }),
    ...(auth.audience !== undefined && { audience: auth.audience }),
  };

  return async function verifyToken(token, now) {
    if (token.length > LONGEST || !COMPACT.test(token)) {
      return { kind: 'refused', reason: 'malformed' };
    }
    try {
      const options = { ...expectations, currentDate: now };
      const payload = await verifiedPayload(token, keys.resolveAt(now), options);
      return toVerification(payload, auth.subjectClaim);
    } catch (error) {
      if (error instanceof errors.JOSEError) return { kind: 'refused', reason: reasonOf(error) };
      if (error instanceof BillingError) throw error;
      throw new BillingError(
        'identity_provider_unavailable',
        `A key of the provider cannot be used: ${String(error)}`,
        { remedy: 'Check the keys at AUTH_JWKS_URL: RSA keys need 2048 bits, EC keys P-256.' },
      );
    }
  };
}

function keysOf(keys: Config['auth']['keys']): Keys {
  if (keys.kind === 'jwks') return remoteKeys(keys.url);
  return keys.kind === 'secret' ? secretKey(keys.secret) : noKeys;
}

async function verifiedPayload(
  token: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, getKey, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // Without a `kid` several keys can fit: the one that signed it is found by trying.
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function toVerification(payload: JWTPayload, subjectClaim: string): TokenVerification {
  // 1e400 is a number in JSON, and for ever.
  if (!Number.isFinite(payload.exp)) return { kind: 'refused', reason: 'expiry_missing' };
  const subject = payload[subjectClaim];
  if (typeof subject !== 'string' || subject === '') return { kind: 'refused', reason: 'subject' };
  const { email, email_verified: emailVerified } = payload;
  return {
    kind: 'verified',
    identity: {
      subject,
      ...(typeof email === 'string' && { email }),
      ...(typeof emailVerified === 'boolean' && { emailVerified }),
      via: 'jwt',
    },
  };
}

function reasonOf(error: errors.JOSEError): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_key';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  switch (error.claim) {
    case 'iss':
      return 'issuer';
    case 'aud':
      return 'audience';
    case 'nbf':
      return 'not_yet_valid';
    case 'exp':
      return 'expiry_missing';
    default:
      return 'malformed';
  }
}
