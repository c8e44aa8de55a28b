import type { JWTVerifyGetKey, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import * as errors from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import { BillingError } from '../errors/billing-error.ts';
import type { Keys } from './keys.ts';
import type { VerifiedClaims } from './requirements.ts';

/** Why a token is refused: for the log, and for the client that sent it as a bearer token. */
export type TokenRefusal =
  | 'malformed'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'not_yet_valid'
  | 'issuer'
  | 'audience'
  | 'expiry_missing';

export type TokenVerification =
  | { kind: 'verified'; claims: VerifiedClaims }
  /** Everything else about it is right, so it still says who this was. */
  | { kind: 'expired'; claims: VerifiedClaims }
  | { kind: 'refused'; reason: TokenRefusal };

export type VerifyToken = (token: string, now: Date) => Promise<TokenVerification>;

const CLOCK_SKEW_SECONDS = 60;

// Base64url without padding (RFC 7515 §2): jose accepts padding, too.
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
// Cloudflare takes request headers of up to 16 KB.
const LONGEST = 16 * 1024;

/**
 * Verifies tokens that others signed (RFC 7519, as RFC 8725 advises).
 *
 * @throws BillingError `identity_provider_unavailable` when there is no key set to verify with
 */
export function createTokenVerifier(
  sources: [Keys, ...Keys[]],
  { issuer, audience }: { issuer: string | undefined; audience: string | undefined },
): VerifyToken {
  const expectations: JWTVerifyOptions = {
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_SECONDS,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };

  return async function verifyToken(token, now) {
    if (token.length > LONGEST || !COMPACT.test(token)) {
      return { kind: 'refused', reason: 'malformed' };
    }
    try {
      const { protectedHeader, payload } = await verify(token, sources, expectations, now);
      return { kind: 'verified', claims: { header: protectedHeader, claims: payload } };
    } catch (error) {
      // jose checks `exp` last, after the signature and all other claims.
      if (error instanceof errors.JWTExpired) {
        const header = decodeProtectedHeader(token);
        return { kind: 'expired', claims: { header, claims: error.payload } };
      }
      if (error instanceof errors.JOSEError) return { kind: 'refused', reason: reasonOf(error) };
      if (error instanceof BillingError) throw error;
      throw new BillingError(
        'identity_provider_unavailable',
        `A key of the provider cannot be used: ${String(error)}`,
        { remedy: 'Check this key in the provider’s key set: WebCrypto does not import it.' },
      );
    }
  };
}

/** Verifies with the first source whose signature fits: several secrets while rotating. */
async function verify(
  token: string,
  [source, ...others]: [Keys, ...Keys[]],
  expectations: JWTVerifyOptions,
  now: Date,
): Promise<JWTVerifyResult> {
  const options = { ...expectations, algorithms: source.algorithms, currentDate: now };
  try {
    return await verifyWithAny(token, source.resolveAt(now), options);
  } catch (error) {
    const [next, ...rest] = others;
    if (!next || !(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    return verify(token, [next, ...rest], expectations, now);
  }
}

async function verifyWithAny(
  token: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, getKey, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // Without a `kid` several keys can fit: try each.
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function reasonOf(error: errors.JOSEError): TokenRefusal {
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
