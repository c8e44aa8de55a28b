import type { Stripe } from 'stripe';

/**
 * What a mapping rests on, as D1 keeps it: the stronger evidence wins. Mappings of 0.1.0 have
 * none, and count as `unknown`. An operator's word outranks what Stripe says, also where it is that
 * a customer is nobody's.
 */
export const EVIDENCE = {
  email: 10,
  checkout: 20,
  /** A subscription that the first fill came by. The customer's others may say something else. */
  listed: 30,
  ended: 40,
  unknown: 50,
  subscription: 60,
  customer: 70,
  operator: 80,
} as const;

type Evidence = (typeof EVIDENCE)[keyof typeof EVIDENCE];

/** Who a customer belongs to. `conflict` is null where too little was read to know. */
export type Mapping =
  | { subject: string; evidence: Evidence; conflict: false }
  | { subject: null; evidence: null; conflict: boolean | null };

const NOBODY: Mapping = { subject: null, evidence: null, conflict: null };

/** What the metadata of the customer says, or else that of the current subscriptions. */
export function mappingIn(
  customer: Stripe.Customer,
  current: Stripe.Subscription[],
  metadataKey: string,
): Mapping {
  const subject = customer.metadata[metadataKey];
  return subject
    ? { subject, evidence: EVIDENCE.customer, conflict: false }
    : mappingOf(current, metadataKey, EVIDENCE.subscription);
}

/** Subscriptions that name two subjects map nobody: which of the two is right is not for us. */
export function mappingOf(
  subscriptions: Stripe.Subscription[],
  metadataKey: string,
  evidence: Evidence,
): Mapping {
  const named = subscriptions.map(({ metadata }) => metadata[metadataKey]).filter(Boolean);
  const [subject, ...others] = new Set(named);
  if (!subject) return NOBODY;
  if (others.length > 0) return { subject: null, evidence: null, conflict: true };
  return { subject, evidence, conflict: false };
}

/**
 * What a completed checkout says. The site alone writes its metadata. Buyers can choose the
 * client_reference_id of a payment link, so it only maps a customer that has no subject yet.
 * https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-client_reference_id
 */
export function subjectOfCheckout(
  { metadata, client_reference_id: reference }: Stripe.Checkout.Session,
  metadataKey: string,
): string | null {
  return metadata?.[metadataKey] || reference || null;
}
