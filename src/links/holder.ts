import type { JWTPayload } from 'jose';
import * as v from 'valibot';

/** Whom a link is for: somebody of the site's, or Stripe customers by their ids. */
export type Holder = { subject: string } | { customers: string[] };

const customerId = v.pipe(v.string(), v.regex(/^cus_\w{1,200}$/));

/** The claims that name a holder: `sub`, or `customer` as one id or several. */
export const HolderClaims = v.object({
  sub: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(500))),
  customer: v.optional(
    v.union([customerId, v.pipe(v.array(customerId), v.minLength(1), v.maxLength(20))]),
  ),
});

/** Undefined where nobody is named, or two at once: then it is not clear who is meant. */
export function toHolder({
  sub,
  customer,
}: v.InferOutput<typeof HolderClaims>): Holder | undefined {
  if ((sub === undefined) === (customer === undefined)) return undefined;
  if (sub !== undefined) return { subject: sub };
  return { customers: [customer ?? []].flat() };
}

export function holderClaims(holder: Holder): JWTPayload {
  if ('subject' in holder) return { sub: holder.subject };
  const [only, ...others] = holder.customers;
  return { customer: others.length === 0 ? only : holder.customers };
}
