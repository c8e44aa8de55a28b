import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import type { Principal } from '../identity/principal.ts';
import { CUSTOMER_ID } from '../stripe/ids.ts';

const customerId = v.pipe(v.string(), v.regex(CUSTOMER_ID));

/** The claims of our tokens that name a principal: `sub`, or `customer` as one id or several. */
export const PrincipalClaims = v.object({
  sub: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(500))),
  customer: v.optional(
    v.union([customerId, v.pipe(v.array(customerId), v.minLength(1), v.maxLength(20))]),
  ),
  email: v.optional(v.string()),
});

/** Undefined unless exactly one of `sub` and `customer` is there. */
export function principalIn({
  sub,
  customer,
  email,
}: v.InferOutput<typeof PrincipalClaims>): Principal | undefined {
  if ((sub === undefined) === (customer === undefined)) return undefined;
  const details = email === undefined ? {} : { email };
  if (sub !== undefined) return { subject: sub, ...details };
  return { customers: [customer ?? []].flat(), ...details };
}

export function claimsOf(principal: Principal): JWTPayload {
  const details = principal.email === undefined ? {} : { email: principal.email };
  if ('subject' in principal) return { sub: principal.subject, ...details };
  const [only, ...others] = principal.customers;
  return { customer: others.length === 0 ? only : principal.customers, ...details };
}
