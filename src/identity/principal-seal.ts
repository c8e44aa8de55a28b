import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { once } from '../once.ts';
import { CUSTOMER_ID } from '../stripe/ids.ts';
import type { Expired } from './identify.ts';
import type { Principal } from './principal.ts';
import { createSeal } from './sealed.ts';

export type SealedPrincipal =
  /** `since` is when it was sealed, in Unix seconds. */
  | { kind: 'valid'; principal: Principal; since: number }
  /** Who it was. It proves nothing now, but nobody else may take their place. */
  | { kind: 'expired'; was: Expired }
  | { kind: 'refused'; reason: string };

/** Seals who somebody is, for a cookie of ours. */
export type PrincipalSeal = {
  close(principal: Principal, origin: string, now: Date): Promise<string>;
  open(text: string, origin: string, now: Date): Promise<SealedPrincipal>;
};

const principalClaims = once(() => {
  const roles = v.optional(v.array(v.string()));
  const org = v.optional(v.literal(true));
  const details = {
    roles,
    org,
    iat: v.number(),
    exp: v.number(),
    email: v.optional(v.string()),
    email_verified: v.optional(v.boolean()),
  };
  return v.union([
    v.object({
      customers: v.array(v.pipe(v.string(), v.regex(CUSTOMER_ID))),
      sub: v.optional(v.string()),
      ...details,
    }),
    v.object({
      sub: v.string(),
      others: v.optional(v.array(v.object({ sub: v.string(), roles, org }))),
      ...details,
    }),
  ]);
});

/**
 * What it seals opens for so many seconds, and with no seal of another type.
 *
 * @param settings  those that decide what a principal may do: once they change, it opens no more
 */
export function createPrincipalSeal(
  typ: string,
  seconds: number,
  secrets: string[],
  settings: string,
): PrincipalSeal {
  const seal = createSeal(typ, secrets, settings);
  return {
    close: async (principal, origin, now) => seal.close(claimsOf(principal), origin, now, seconds),
    async open(text, origin, now) {
      const opened = await seal.open(text, origin, now);
      if (opened.kind === 'refused') return opened;
      const claims = v.safeParse(principalClaims(), opened.claims);
      if (!claims.success) return { kind: 'refused', reason: 'claims' };
      const principal = principalOf(claims.output);
      const { iat: since, exp: at } = claims.output;
      if (opened.kind === 'valid') return { kind: 'valid', principal, since };
      return { kind: 'expired', was: { principal, at } };
    },
  };
}

/** Subjects, roles and e-mail, and no more: a cookie over 4 KB is lost. */
function claimsOf(principal: Principal): JWTPayload {
  const { email, emailVerified, roles, isOrganisation: org } = principal;
  const known = { email, email_verified: emailVerified, roles, org };
  if (!('subject' in principal)) {
    const { customers, owner } = principal;
    return { ...known, customers, ...(owner !== undefined && { sub: owner }) };
  }
  const others = principal.others?.map((each) => ({
    sub: each.subject,
    roles: each.roles,
    org: each.isOrganisation,
  }));
  return { ...known, sub: principal.subject, others };
}

function principalOf(claims: v.InferOutput<ReturnType<typeof principalClaims>>): Principal {
  const { email, email_verified: emailVerified } = claims;
  const known = {
    ...standingOf(claims),
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
  };
  if ('customers' in claims) {
    const { customers, sub: owner } = claims;
    return { customers, ...(owner !== undefined && { owner }), ...known };
  }
  const others = claims.others?.map((each) =>
    Object.assign({ subject: each.sub }, standingOf(each)),
  );
  return { subject: claims.sub, ...(others && { others }), ...known };
}

type Standing = { roles?: string[] | undefined; org?: true | undefined };

const standingOf = ({ roles, org }: Standing) => ({
  ...(roles && { roles }),
  ...(org && { isOrganisation: org }),
});
