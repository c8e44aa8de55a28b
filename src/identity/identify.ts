import type { Config } from '../config/config.ts';
import { toPrincipal } from './claims.ts';
import { cookieFormats, type CookieFormat } from './cookies/format.ts';
import { createTokenVerifier, type TokenRefusal, type VerifyToken } from './jwt.ts';
import { noKeys, secretKey, type Keys } from './keys.ts';
import { nameOf, type Principal } from './principal.ts';
import type { Provider } from './provider.ts';
import { remoteKeys } from './remote-keys.ts';
import type { ClaimsRefusal } from './requirements.ts';

/** The headers that can prove who asks. */
export type Proofs = { authorization: string | undefined; cookie: string | undefined };

/** Which header a refused token came in. */
export type Carrier = 'bearer' | 'cookie';

export type Identification =
  | { kind: 'recognised'; principal: Principal }
  | { kind: 'anonymous' }
  | Refused;

export type Refused = {
  kind: 'refused';
  via: Carrier;
  reason: Refusal | 'expired' | 'conflicting_cookies' | 'broken_cookie';
  /** Who an expired token named. It proves nothing now, but nobody else may take their place. */
  was?: Expired;
};

/** Who a token named until it expired, in Unix seconds. */
export type Expired = { principal: Principal; at: number };

export type Identify = (proofs: Proofs, now: Date) => Promise<Identification>;

type Refusal = TokenRefusal | ClaimsRefusal;
type Reading =
  | { kind: 'principal'; principal: Principal }
  | { kind: 'refused'; reason: Refusal }
  | { kind: 'refused'; reason: 'expired'; was: Expired };

// A browser sends one cookie for each matching path and domain. More than a few are an attack,
// and checking only some of them would let the attacker choose which.
const MOST_COOKIES = 4;

/**
 * Builds the function that looks at the proofs of a request, in this order:
 *
 * 1. `Authorization: Bearer`. When it is present, nothing else counts: a cookie neither rescues
 *    a bad token nor contradicts a good one.
 * 2. The session cookie. Each cookie of that name is verified (a browser sends several when they
 *    are set for other paths or domains). The valid ones must agree on the subject.
 *
 * The function throws BillingError `identity_provider_unavailable`.
 */
export function createIdentify(auth: Config['auth'], provider: Provider | undefined): Identify {
  const verifyToken = createTokenVerifier(sourcesOf(auth.keys, provider), auth);

  const formats = cookieFormats(auth, verifyToken);

  return async function identify({ authorization, cookie }, now) {
    const readWith = async (verify: VerifyToken, token: string): Promise<Reading> => {
      const verification = await verify(token, now);
      if (verification.kind === 'refused') return verification;
      const reading = toPrincipal(verification.claims, auth.claims);
      if (verification.kind !== 'expired' || reading.kind !== 'principal') return reading;
      const was = { principal: reading.principal, at: Number(verification.claims.claims['exp']) };
      return { kind: 'refused', reason: 'expired', was };
    };
    const bearer = bearerToken(authorization);
    if (bearer !== undefined)
      return toIdentification(await readWith(verifyToken, bearer), 'bearer');
    if (!cookie) return { kind: 'anonymous' };
    return identifyByCookies(cookie, formats, readWith);
  };
}

/** With a key set, public keys only. Several secrets are tried in turn while one is rotated. */
function sourcesOf(
  keys: Config['auth']['keys'],
  provider: Provider | undefined,
): [Keys, ...Keys[]] {
  if (keys.kind === 'jwks') return [remoteKeys(async () => keys.url)];
  if (keys.kind === 'discovered') return [provider?.keys ?? noKeys];
  if (keys.kind === 'none') return [noKeys];
  const [first, ...others] = keys.secrets;
  return [secretKey(first), ...others.map(secretKey)];
}

async function identifyByCookies(
  header: string,
  formats: CookieFormat[],
  readWith: (verify: VerifyToken, token: string) => Promise<Reading>,
): Promise<Identification> {
  const readings: Reading[] = [];
  for (const { tokensIn, verify } of formats) {
    const tokens = tokensIn(header);
    if (!tokens) return { kind: 'refused', via: 'cookie', reason: 'broken_cookie' };
    if (readings.length + tokens.length > MOST_COOKIES) return conflicting;
    for (const token of tokens) readings.push(await readWith(verify, token));
  }
  if (readings.length === 0) return { kind: 'anonymous' };
  const valid = readings.filter((each) => each.kind === 'principal');
  if (areSeveral(valid.map(({ principal }) => principal))) return conflicting;
  const [first] = valid;
  if (first) return toIdentification(first, 'cookie');
  const expired = readings.filter((each) => 'was' in each);
  if (areSeveral(expired.map(({ was }) => was.principal))) return conflicting;
  // An expired token must not hide one that was never valid.
  const refusals = readings.filter((each) => each.kind === 'refused');
  const worst = refusals.find(({ reason }) => reason !== 'expired') ?? refusals[0];
  if (!worst) return { kind: 'anonymous' };
  // A worthless cookie beside an expired one must not hide who that one named.
  const [was] = expired;
  return { kind: 'refused', via: 'cookie', reason: worst.reason, ...(was && { was: was.was }) };
}

function areSeveral(principals: Principal[]): boolean {
  return new Set(principals.map(nameOf)).size > 1;
}

const conflicting: Refused = { kind: 'refused', via: 'cookie', reason: 'conflicting_cookies' };

function toIdentification(reading: Reading, via: Carrier): Identification {
  return reading.kind === 'principal'
    ? { kind: 'recognised', principal: reading.principal }
    : { ...reading, via };
}

/** The token of RFC 6750 §2.1; undefined when another scheme, or none, is used. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer\b *(.*)$/i.exec(authorization?.trim() ?? '')?.[1];
}
