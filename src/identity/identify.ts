import type { Holder } from '../links/holder.ts';
import type { TokenRefusal, VerifyToken } from './jwt.ts';
import type { LinkMethod } from '../links/link.ts';

/** Somebody whom the site's own session token names. */
export type SiteIdentity = {
  subject: string;
  email?: string;
  emailVerified?: boolean;
  via: 'jwt';
};

/** Somebody who came by a signed link, which they may have been mailed for the asking. */
export type LinkIdentity = Holder & { email?: string; via: LinkMethod };

/** A verified statement of who asks. */
export type Identity = SiteIdentity | LinkIdentity;

/** Who asks: of the site's own, unless somebody's signed link is looked at as well. */
export type Identification<Who extends Identity = SiteIdentity> =
  | { kind: 'recognised'; identity: Who }
  | { kind: 'anonymous' }
  | { kind: 'refused'; via: 'bearer' | 'cookie'; reason: TokenRefusal | 'conflicting_cookies' };

// A browser sends one cookie for each path and domain that match. More than a few are an attack,
// and looking at some of them only would let the attacker choose which.
const COOKIES_LOOKED_AT = 4;

/**
 * Looks at the proofs that a request carries, in this order:
 *
 * 1. `Authorization: Bearer`. Where it is present it alone counts: a bad one is not rescued,
 *    and a good one not contradicted, by a cookie.
 * 2. The session cookie. Several of that name (set for other paths or domains) are each
 *    verified; those that hold must name one subject, or nobody is recognised.
 *
 * @throws BillingError `identity_provider_unavailable`
 */
export async function identify(
  proofs: { authorization: string | undefined; cookie: string | undefined },
  cookieName: string | undefined,
  verify: VerifyToken,
  now: Date,
): Promise<Identification> {
  const bearer = bearerToken(proofs.authorization);
  if (bearer !== undefined) {
    const verification = await verify(bearer, now);
    return verification.kind === 'verified'
      ? { kind: 'recognised', identity: verification.identity }
      : { kind: 'refused', via: 'bearer', reason: verification.reason };
  }
  if (!proofs.cookie || !cookieName) return { kind: 'anonymous' };
  return identifyByCookies(cookiesNamed(cookieName, proofs.cookie), verify, now);
}

async function identifyByCookies(
  tokens: string[],
  verify: VerifyToken,
  now: Date,
): Promise<Identification> {
  if (tokens.length > COOKIES_LOOKED_AT) {
    return { kind: 'refused', via: 'cookie', reason: 'conflicting_cookies' };
  }
  let identity: SiteIdentity | undefined;
  const refusals: TokenRefusal[] = [];
  for (const token of tokens) {
    const verification = await verify(token, now);
    if (verification.kind === 'refused') refusals.push(verification.reason);
    else if (!identity) identity = verification.identity;
    else if (identity.subject !== verification.identity.subject) {
      return { kind: 'refused', via: 'cookie', reason: 'conflicting_cookies' };
    }
  }
  if (identity) return { kind: 'recognised', identity };
  // A token that has merely expired must not hide one that was never good.
  const reason = refusals.find((each) => each !== 'expired') ?? refusals[0];
  return reason ? { kind: 'refused', via: 'cookie', reason } : { kind: 'anonymous' };
}

/** The token of RFC 6750 §2.1; undefined when another scheme, or none, is used. */
function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer\b *(.*)$/i.exec(authorization?.trim() ?? '')?.[1];
}

/** RFC 6265 §5.4 lets a name appear several times, so this is not a map. */
function cookiesNamed(name: string, header: string): string[] {
  return [
    ...new Set(
      header
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(`${name}=`))
        .map((pair) => pair.slice(name.length + 1).replace(/^"(.*)"$/, '$1'))
        .filter((value) => value !== ''),
    ),
  ];
}
