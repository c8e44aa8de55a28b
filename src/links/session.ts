import * as v from 'valibot';
import { holderClaims, HolderClaims, toHolder, type Holder } from './holder.ts';
import type { LinkKey } from './keys.ts';
import type { LinkMethod } from './link.ts';
import { openToken, sealToken, type Kind, type OwnTokenRefusal } from './token.ts';

export const SESSION_SECONDS = 3600;

/** A short session of our own: who came by which link, and when that link was signed. */
export type LinkSession = {
  holder: Holder;
  method: LinkMethod;
  email: string | undefined;
  /** A link that is revoked takes its sessions with it. */
  linkIssuedAt: number;
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
    email: v.optional(v.string()),
  }),
  HolderClaims,
]);

/** Signs with the key of the link, so that removing that key ends its sessions as well. */
export async function mintSession(
  { holder, method, email, linkIssuedAt }: LinkSession,
  audience: string,
  key: LinkKey,
  now: Date,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims = {
    purpose: 'billing-session',
    method,
    link_iat: linkIssuedAt,
    ...holderClaims(holder),
    ...(email !== undefined && { email }),
  };
  const expiresAt = issuedAt + SESSION_SECONDS;
  return sealToken(claims, kindFor(audience), key, { issuedAt, expiresAt });
}

export async function verifySession(
  token: string,
  audience: string,
  keys: LinkKey[],
  now: Date,
): Promise<SessionVerification> {
  const opened = await openToken(token, kindFor(audience), keys, now);
  if (opened.kind === 'refused') return opened;
  if (opened.kind === 'expired') return { kind: 'refused', reason: 'expired' };
  const claims = v.safeParse(SessionClaims, opened.payload);
  const holder = claims.success ? toHolder(claims.output) : undefined;
  if (!claims.success || !holder) return { kind: 'refused', reason: 'claims' };
  const { method, email, link_iat: linkIssuedAt } = claims.output;
  return { kind: 'valid', session: { holder, method, email, linkIssuedAt } };
}
