import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { isMissing } from '../stripe/faults.ts';

/** The events that a sync follows from; the webhook endpoint needs exactly these. */
export const EVENT_TYPES = [
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'checkout.session.completed',
] satisfies Stripe.WebhookEndpointCreateParams.EnabledEvent[];

const FOLLOWED = new Set<string>(EVENT_TYPES);

/** Where an event leads: to a customer at once, or by way of an object that names one. */
export type Lead =
  | { kind: 'customer'; id: string }
  | { kind: 'subscription'; id: string }
  | { kind: 'checkout_session'; id: string };

type Reference = string | { id: string } | null | undefined;

const told = v.object({
  type: v.string(),
  livemode: v.boolean(),
  data: v.optional(v.nullable(v.object({ object: v.unknown() }))),
  related_object: v.optional(v.unknown()),
});

/** An event as Stripe tells it: a snapshot, or a thin notification that names its object. */
export type Told = v.InferOutput<typeof told>;

/** Signed is not well-formed. Null for what is no event at all. */
export function readEvent(event: unknown): Told | null {
  return v.is(told, event) ? event : null;
}

/**
 * Only ids are taken from an event. Its snapshot may be older than what we have, and the state
 * that a sync reads never is: https://docs.stripe.com/webhooks#event-ordering
 *
 * @returns null for events that no sync follows from
 */
export function leadOf(event: Told): Lead | null {
  if (!FOLLOWED.has(event.type.replace(/^v1\./, ''))) return null;
  return event.data ? leadOfSnapshot(event.data.object) : leadOfRelated(event.related_object);
}

// Whatever does not look like these leads nowhere.
const id = v.pipe(v.string(), v.regex(/^\w[\w.@+-]{0,254}$/));
const snapshot = v.object({
  object: v.string(),
  id: v.optional(id),
  customer: v.optional(v.nullable(v.union([id, v.object({ id })]))),
});
const related = v.object({ id, type: v.string() });

function leadOfSnapshot(given: unknown): Lead | null {
  if (!v.is(snapshot, given)) return null;
  const customer = given.object === 'customer' ? given.id : idOf(given.customer);
  return customer === undefined ? null : { kind: 'customer', id: customer };
}

function leadOfRelated(given: unknown): Lead | null {
  if (!v.is(related, given)) return null;
  switch (given.type) {
    case 'customer':
      return { kind: 'customer', id: given.id };
    case 'subscription':
      return { kind: 'subscription', id: given.id };
    case 'checkout.session':
      return { kind: 'checkout_session', id: given.id };
    default:
      return null;
  }
}

/**
 * Follows a lead to the customer; null when there is none, as after a checkout as a guest, or
 * none any more, as after a test account was emptied.
 * Throws what Stripe's client throws.
 */
export async function followLead(lead: Lead, stripe: Stripe): Promise<string | null> {
  if (lead.kind === 'customer') return lead.id;
  try {
    const named =
      lead.kind === 'subscription'
        ? await stripe.subscriptions.retrieve(lead.id)
        : await stripe.checkout.sessions.retrieve(lead.id);
    return idOf(named.customer) ?? null;
  } catch (error) {
    if (isMissing(error, 'subscription') || isMissing(error, 'checkout.session')) return null;
    throw error;
  }
}

function idOf(reference: Reference): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
