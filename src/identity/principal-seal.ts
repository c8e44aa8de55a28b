import type { JWTPayload } from 'jose';
import * as v from 'valibot';
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

const details = {
  iat: v.number(),
  exp: v.number(),
  email: v.optional(v.string()),
  email_verified: v.optional(v.boolean()),
};
const PrincipalClaims = v.union([
  v.object({
    customers: v.array(v.pipe(v.string(), v.regex(CUSTOMER_ID))),
    sub: v.optional(v.string()),
    ...details,
  }),
  v.object({ sub: v.string(), ...details }),
]);

/** What it seals opens for so many seconds, and with no seal of another type. */
export function createPrincipalSeal(
  typ: string,
  seconds: number,
  secrets: string[],
): PrincipalSeal {
  const seal = createSeal(typ, secrets);
  return {
    close: async (principal, origin, now) => seal.close(claimsOf(principal), origin, now, seconds),
    async open(text, origin, now) {
      const opened = await seal.open(text, origin, now);
      if (opened.kind === 'refused') return opened;
      const claims = v.safeParse(PrincipalClaims, opened.claims);
      if (!claims.success) return { kind: 'refused', reason: 'claims' };
      const principal = principalOf(claims.output);
      const { iat: since, exp: at } = claims.output;
      if (opened.kind === 'valid') return { kind: 'valid', principal, since };
      return { kind: 'expired', was: { principal, at } };
    },
  };
}

/** Subject and e-mail, and no more: a cookie over 4 KB is lost. */
function claimsOf(principal: Principal): JWTPayload {
  const { email, emailVerified } = principal;
  const named =
    'subject' in principal
      ? { sub: principal.subject }
      : {
          customers: principal.customers,
          ...(principal.owner !== undefined && { sub: principal.owner }),
        };
  return { ...named, email, email_verified: emailVerified };
}

function principalOf(claims: v.InferOutput<typeof PrincipalClaims>): Principal {
  const { email, email_verified: emailVerified } = claims;
  const known = {
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
  };
  if (!('customers' in claims)) return { subject: claims.sub, ...known };
  const { customers, sub: owner } = claims;
  return { customers, ...(owner !== undefined && { owner }), ...known };
}
