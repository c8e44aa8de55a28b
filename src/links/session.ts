import * as v from 'valibot';
import type { Principal } from '../identity/principal.ts';
import type { LinkKey } from './keys.ts';
import type { LinkMethod } from './link.ts';
import { claimsOf, PrincipalClaims, principalIn } from './principal-claims.ts';
import { mintToken, verifyToken, type Kind, type OwnTokenRefusal } from './token.ts';

export const SESSION_SECONDS = 3600;

/** A short session of our own, for someone who came by a link. */
export type LinkSession = {
  principal: Principal;
  method: LinkMethod;
  /** Unix seconds. Revoking a link ends its sessions, too. */
  linkIssuedAt: number;
  /** The expired token, by name, that the visitor agreed to replace. */
  insteadOf?: string | undefined;
};

export type SessionVerification =
  | { kind: 'valid'; session: LinkSession }
  | { kind: 'refused'; reason: OwnTokenRefusal | 'expired' };

const kindFor = (audience: string): Kind => ({ typ: 'portal-link-session+jwt', audience });

const SessionClaims = v.intersect([
  v.object({
    purpose: v.literal('billing-session'),
    method: v.picklist(['link', 'email']),
    link_iat: v.number(),
    instead_of: v.optional(v.string()),
  }),
  PrincipalClaims,
]);

/** Signs with the link's own key: removing that key then ends its sessions, too. */
export async function mintSession(
  { principal, method, linkIssuedAt, insteadOf }: LinkSession,
  audience: string,
  key: LinkKey,
  now: Date,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims = {
    purpose: 'billing-session',
    method,
    link_iat: linkIssuedAt,
    instead_of: insteadOf,
    ...claimsOf(principal),
  };
  const expiresAt = issuedAt + SESSION_SECONDS;
  return mintToken(claims, kindFor(audience), key, { issuedAt, expiresAt });
}

export async function verifySession(
  token: string,
  audience: string,
  keys: LinkKey[],
  now: Date,
): Promise<SessionVerification> {
  const verification = await verifyToken(token, kindFor(audience), keys, now);
  if (verification.kind === 'refused') return verification;
  if (verification.kind === 'expired') return { kind: 'refused', reason: 'expired' };
  const claims = v.safeParse(SessionClaims, verification.payload);
  const principal = claims.success ? principalIn(claims.output) : undefined;
  if (!claims.success || !principal) return { kind: 'refused', reason: 'claims' };
  const { method, link_iat: linkIssuedAt, instead_of: insteadOf } = claims.output;
  return { kind: 'valid', session: { principal, method, linkIssuedAt, insteadOf } };
}
