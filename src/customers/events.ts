import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { isMissing } from '../stripe/faults.ts';
import { STRIPE_ID } from '../stripe/ids.ts';

/** The events that lead to a sync. The webhook endpoint needs exactly these. */
export const EVENT_TYPES = [
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  // A schedule changes when the subscription will, and not yet the subscription itself.
  'subscription_schedule.created',
  'subscription_schedule.updated',
  'subscription_schedule.released',
  'subscription_schedule.canceled',
  'subscription_schedule.completed',
  'subscription_schedule.aborted',
  'checkout.session.completed',
] satisfies Stripe.WebhookEndpointCreateParams.EnabledEvent[];

const FOLLOWED = new Set<string>(EVENT_TYPES);

/** Where an event leads: to a customer at once, or by way of an object that names one. */
export type Lead =
  | { kind: 'customer'; id: string }
  | { kind: 'subscription'; id: string }
  | { kind: 'subscription_schedule'; id: string }
  | { kind: 'checkout_session'; id: string };

type Reference = string | { id: string } | null | undefined;

// Anything of another shape leads nowhere.
const id = v.pipe(v.string(), v.regex(STRIPE_ID));

const eventId = v.pipe(v.string(), v.regex(/^\w{1,100}$/));

const eventBody = v.object({
  id: v.optional(v.unknown()),
  snapshot_event: v.optional(v.unknown()),
  type: v.string(),
  livemode: v.boolean(),
  data: v.optional(v.nullable(v.object({ object: v.unknown() }))),
  related_object: v.optional(v.unknown()),
});

/** An event: a snapshot of its object, or a thin notification that only names it. */
export type EventBody = v.InferOutput<typeof eventBody>;

/** A valid signature does not guarantee a valid event: null for anything else. */
export function readEvent(event: unknown): EventBody | null {
  return v.is(eventBody, event) ? event : null;
}

/**
 * Reads only ids from an event. Its snapshot can be older than our state; what a sync reads
 * never is: https://docs.stripe.com/webhooks#event-ordering
 *
 * @returns null for events that lead to no sync
 */
export function leadOf(event: EventBody): Lead | null {
  if (!FOLLOWED.has(event.type.replace(/^v1\./, ''))) return null;
  return event.data ? leadOfSnapshot(event.data.object) : leadOfRelated(event.related_object);
}

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
    case 'subscription_schedule':
      return { kind: given.type, id: given.id };
    case 'checkout.session':
      return { kind: 'checkout_session', id: given.id };
    default:
      return null;
  }
}

/** The event as Stripe lists it. A thin notification has an id of its own, and may name it. */
export function idOfEvent(event: EventBody): string | undefined {
  return [event.snapshot_event, event.id].find((each) => v.is(eventId, each));
}

/**
 * Follows a lead to the customer. Null when there is none (after a guest's checkout), or none
 * any more (after test data was deleted). Throws the errors of Stripe's client.
 */
export async function followLead(lead: Lead, stripe: Stripe): Promise<string | null> {
  if (lead.kind === 'customer') return lead.id;
  try {
    const named = await retrieve(lead, stripe);
    return idOf(named.customer) ?? null;
  } catch (error) {
    if (isMissing(error, 'subscription') || isMissing(error, 'checkout.session')) return null;
    throw error;
  }
}

async function retrieve(
  { kind, id: named }: Exclude<Lead, { kind: 'customer' }>,
  stripe: Stripe,
): Promise<{ customer: Reference }> {
  switch (kind) {
    case 'subscription':
      return stripe.subscriptions.retrieve(named);
    case 'subscription_schedule':
      return stripe.subscriptionSchedules.retrieve(named);
    default:
      return stripe.checkout.sessions.retrieve(named);
  }
}

function idOf(reference: Reference): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
