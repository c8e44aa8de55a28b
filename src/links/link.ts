import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { holderClaims, HolderClaims, toHolder, type Holder } from './holder.ts';
import type { LinkKey } from './keys.ts';
import {
  CLOCK_SKEW_SECONDS,
  openToken,
  sealToken,
  type Kind,
  type OwnTokenRefusal,
} from './token.ts';

export const DEFAULT_LINK_SECONDS = 7 * 86_400;
export const LONGEST_LINK_SECONDS = 30 * 86_400;

/** `email` where the link itself was mailed to an address that somebody typed in. */
export type LinkMethod = 'link' | 'email';

/** What a signed link says. Nothing of it is trusted beyond who it is for. */
export type Link = {
  holder: Holder;
  method: LinkMethod;
  /** To show, masked; and where a new link is sent when this one has expired. */
  email: string | undefined;
  flow: string | undefined;
  returnTo: string | undefined;
};

export type LinkVerification =
  | { kind: 'valid' | 'expired'; link: Link; issuedAt: number; key: LinkKey }
  | { kind: 'refused'; reason: OwnTokenRefusal };

const PURPOSES = { link: 'billing-link', email: 'billing-sign-in' } as const;
const kindFor = (audience: string): Kind => ({ typ: 'portal-link+jwt', audience });

const LinkClaims = v.intersect([
  v.object({
    purpose: v.picklist(Object.values(PURPOSES)),
    iat: v.number(),
    exp: v.number(),
    email: v.optional(v.string()),
    flow: v.optional(v.string()),
    return_to: v.optional(v.string()),
  }),
  HolderClaims,
]);

/**
 * Mints the token of a link (RFC 7519).
 *
 * @param audience  the origin whose `/billing/manage` the link opens
 * @throws RangeError for a lifetime of no time, or of more than 30 days
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
    purpose: PURPOSES[link.method ?? 'link'],
    ...holderClaims(link.holder),
    ...(link.email !== undefined && { email: link.email }),
    ...(link.flow !== undefined && { flow: link.flow }),
    ...(link.returnTo !== undefined && { return_to: link.returnTo }),
  };
  const token = await sealToken(claims, kindFor(audience), key, { issuedAt, expiresAt });
  return { token, expiresAt };
}

/** Verifies a link's token. It is told to have expired only when all else about it is right. */
export async function verifyLink(
  token: string,
  audience: string,
  keys: LinkKey[],
  now: Date,
): Promise<LinkVerification> {
  const opened = await openToken(token, kindFor(audience), keys, now);
  if (opened.kind === 'refused') return opened;
  const claims = v.safeParse(LinkClaims, opened.payload);
  const holder = claims.success ? toHolder(claims.output) : undefined;
  if (!claims.success || !holder) return { kind: 'refused', reason: 'claims' };
  const { purpose, iat, exp, email, flow, return_to: returnTo } = claims.output;
  if (exp - iat > LONGEST_LINK_SECONDS) return { kind: 'refused', reason: 'lifetime' };
  if (iat > now.getTime() / 1000 + CLOCK_SKEW_SECONDS) {
    return { kind: 'refused', reason: 'not_yet_valid' };
  }
  const method = purpose === PURPOSES.email ? 'email' : 'link';
  return {
    kind: opened.kind,
    link: { holder, method, email, flow, returnTo },
    issuedAt: iat,
    key: opened.key,
  };
}
