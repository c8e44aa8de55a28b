import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import type { Principal } from '../identity/principal.ts';
import { lenientIntent, type Intent } from '../portal/intent.ts';
import type { LinkKey } from './keys.ts';
import { DEFAULT_LINK_SECONDS, LONGEST_LINK_SECONDS } from './lifetime.ts';
import { claimsOf, PrincipalClaims, principalIn } from './principal-claims.ts';
import {
  CLOCK_SKEW_SECONDS,
  mintToken,
  verifyToken,
  type Kind,
  type OwnTokenRefusal,
} from './token.ts';

const RENEWABLE_SECONDS = 30 * 86_400;

/** How a link reached its principal: `email` when they asked us to mail it to their address. */
export type LinkMethod = 'link' | 'email';

/** What a signed link says. Only its principal is trusted; the rest is checked where it is used. */
export type Link = {
  /** Its e-mail address is shown, masked, and gets a new link when this one has expired. */
  principal: Principal;
  method: LinkMethod;
  flow: string | undefined;
  returnTo: string | undefined;
  /** What the visitor wanted when they asked for the mail. It goes beyond what a link can have. */
  intent?: Intent | undefined;
};

export type LinkVerification =
  | { kind: 'valid' | 'expired'; link: Link; issuedAt: number; expiresAt: number; key: LinkKey }
  | { kind: 'refused'; reason: OwnTokenRefusal };

const PURPOSES = { link: 'billing-link', email: 'billing-sign-in' } as const;
// Opens invoices and nothing else. Releases that do not know it refuse such a link.
const PAY = 'billing-pay';
const kindFor = (audience: string): Kind => ({ typ: 'portal-link+jwt', audience });

const LinkClaims = v.intersect([
  v.object({
    purpose: v.picklist([...Object.values(PURPOSES), PAY]),
    iat: v.number(),
    exp: v.number(),
    flow: v.optional(v.string()),
    return_to: v.optional(v.string()),
    intent: v.optional(v.unknown()),
  }),
  PrincipalClaims,
]);

/**
 * Mints the token of a link (RFC 7519).
 *
 * @param audience  the origin whose `/billing/manage` the link opens
 * @param seconds  more than 0, and at most 30 days
 * @throws RangeError for any other lifetime
 */
export async function mintLink(
  link: Omit<Link, 'method'> & { method?: LinkMethod },
  audience: string,
  key: LinkKey,
  now: Date,
  seconds: number = DEFAULT_LINK_SECONDS,
): Promise<{ token: string; expiresAt: number }> {
  if (!(seconds > 0 && seconds <= LONGEST_LINK_SECONDS)) {
    throw new RangeError(`A link lasts at most ${LONGEST_LINK_SECONDS} seconds (30 days).`);
  }
  const issuedAt = Math.floor(now.getTime() / 1000);
  const expiresAt = issuedAt + Math.floor(seconds);
  const claims: JWTPayload = {
    purpose: link.flow === 'pay' ? PAY : PURPOSES[link.method ?? 'link'],
    ...claimsOf(link.principal),
    ...(link.flow !== undefined && { flow: link.flow }),
    ...(link.returnTo !== undefined && { return_to: link.returnTo }),
    ...(link.intent && { intent: link.intent }),
  };
  const token = await mintToken(claims, kindFor(audience), key, { issuedAt, expiresAt });
  return { token, expiresAt };
}

/** What is left of a link for somebody who only wants to sign in. */
export const withoutGoal = ({ intent, ...link }: Link): Link => ({
  ...link,
  flow: undefined,
  intent: intent && { return_to: intent.return_to },
});

/** Back ends sign links by themselves: a slip must not make one open more than invoices. */
const isToPay = (flow = '') => flow.trim().toLowerCase() === 'pay';

/** Whether a new link can be mailed in place of this one: until 30 days after it has expired. */
export function isRenewable({ expiresAt }: { expiresAt: number }, now: Date): boolean {
  return now.getTime() / 1000 <= expiresAt + RENEWABLE_SECONDS;
}

/** Verifies a link's token. `expired` means that everything else about it is right. */
export async function verifyLink(
  token: string,
  audience: string,
  keys: LinkKey[],
  now: Date,
): Promise<LinkVerification> {
  const verification = await verifyToken(token, kindFor(audience), keys, now);
  if (verification.kind === 'refused') return verification;
  const claims = v.safeParse(LinkClaims, verification.payload);
  const principal = claims.success ? principalIn(claims.output) : undefined;
  if (!claims.success || !principal) return { kind: 'refused', reason: 'claims' };
  const { purpose, iat, exp, return_to: returnTo, intent } = claims.output;
  const flow = purpose === PAY || isToPay(claims.output.flow) ? 'pay' : claims.output.flow;
  if (exp - iat > LONGEST_LINK_SECONDS) return { kind: 'refused', reason: 'lifetime' };
  if (iat > now.getTime() / 1000 + CLOCK_SKEW_SECONDS) {
    return { kind: 'refused', reason: 'not_yet_valid' };
  }
  const method = purpose === PURPOSES.email ? 'email' : 'link';
  const isAsked = method === 'email' && typeof intent === 'object';
  return {
    kind: verification.kind,
    link: {
      principal,
      method,
      flow,
      returnTo,
      intent: isAsked ? lenientIntent({ ...intent }) : undefined,
    },
    issuedAt: iat,
    expiresAt: exp,
    key: verification.key,
  };
}
