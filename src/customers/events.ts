import type { Stripe } from 'stripe';

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

/** An event as Stripe tells it: a snapshot, or a thin notification that names its object. */
export type Told = {
  type: string;
  livemode: boolean;
  data?: { object: object };
  /** Without an id for what there is one of, such as the balance. */
  related_object?: { id?: string; type: string } | null;
};

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

function leadOfSnapshot(object: {
  object?: string;
  id?: string;
  customer?: Reference;
}): Lead | null {
  const id = object.object === 'customer' ? object.id : idOf(object.customer);
  return id === undefined ? null : { kind: 'customer', id };
}

function leadOfRelated(related: Told['related_object']): Lead | null {
  if (related?.id === undefined) return null;
  const { id, type } = related;
  switch (type) {
    case 'customer':
      return { kind: 'customer', id };
    case 'subscription':
      return { kind: 'subscription', id };
    case 'checkout.session':
      return { kind: 'checkout_session', id };
    default:
      return null;
  }
}

/**
 * Follows a lead to the customer; null when there is none, as after a checkout as a guest.
 * Throws what Stripe's client throws.
 */
export async function followLead(lead: Lead, stripe: Stripe): Promise<string | null> {
  if (lead.kind === 'customer') return lead.id;
  const named =
    lead.kind === 'subscription'
      ? await stripe.subscriptions.retrieve(lead.id)
      : await stripe.checkout.sessions.retrieve(lead.id);
  return idOf(named.customer) ?? null;
}

function idOf(reference: Reference): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
