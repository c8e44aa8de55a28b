import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { CUSTOMER_ID } from '../stripe/ids.ts';
import type { Expired } from './identify.ts';
import type { Principal } from './principal.ts';
import { createSeal } from './sealed.ts';

export type SessionReading =
  | { kind: 'valid'; principal: Principal }
  /** Who it was. It proves nothing now, but nobody else may take their place. */
  | { kind: 'expired'; was: Expired }
  | { kind: 'refused'; reason: string };

/** Our own session, after somebody signed in at the provider. */
export type Sessions = {
  mint(principal: Principal, origin: string, now: Date): Promise<string>;
  read(token: string, origin: string, now: Date): Promise<SessionReading>;
};

const details = { email: v.optional(v.string()), email_verified: v.optional(v.boolean()) };
const SessionClaims = v.union([
  v.object({
    exp: v.number(),
    customers: v.array(v.pipe(v.string(), v.regex(CUSTOMER_ID))),
    sub: v.optional(v.string()),
    ...details,
  }),
  v.object({ exp: v.number(), sub: v.string(), ...details }),
]);

/** Sessions that last so many seconds. Sessions of one type are none of another. */
export function createSessions(typ: string, seconds: number, secrets: string[]): Sessions {
  const seal = createSeal(typ, secrets);
  return {
    mint: async (principal, origin, now) => seal.close(claimsOf(principal), origin, now, seconds),
    async read(token, origin, now) {
      const opened = await seal.open(token, origin, now);
      if (opened.kind === 'refused') return opened;
      const claims = v.safeParse(SessionClaims, opened.claims);
      if (!claims.success) return { kind: 'refused', reason: 'claims' };
      const principal = principalOf(claims.output);
      if (opened.kind === 'valid') return { kind: 'valid', principal };
      return { kind: 'expired', was: { principal, at: claims.output.exp } };
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

function principalOf(claims: v.InferOutput<typeof SessionClaims>): Principal {
  const { email, email_verified: emailVerified } = claims;
  const known = {
    ...(email !== undefined && { email }),
    ...(emailVerified !== undefined && { emailVerified }),
  };
  if (!('customers' in claims)) return { subject: claims.sub, ...known };
  const { customers, sub: owner } = claims;
  return { customers, ...(owner !== undefined && { owner }), ...known };
}
