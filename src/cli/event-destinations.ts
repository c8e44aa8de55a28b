import { Stripe } from 'stripe';
import { WEBHOOK_PATH } from './webhook.ts';

/** What sends Stripe's events to an address: a webhook endpoint, or an event destination. */
export type EventDestination = {
  id: string;
  /** Thin ones name only what an event is about, in types that begin with `v1.`. */
  payload: 'snapshot' | 'thin';
  url: string;
  isEnabled: boolean;
  /** Without `v1.`, as in EVENT_TYPES. */
  events: string[];
  apiVersion: string | null;
  /** The Worker that setup made it for. */
  owner: string | undefined;
};

const OWNER_MARK = 'portal_link';

/** Metadata of an endpoint that setup makes for a Worker. */
export const markOfOwner = (owner: string) => ({ [OWNER_MARK]: owner });

const ALL = { limit: 1000 };

/** All of the account in the key's mode. Throws what Stripe's client throws. */
export async function listEventDestinations(stripe: Stripe): Promise<EventDestination[]> {
  const endpoints = await stripe.webhookEndpoints.list({ limit: 100 }).autoPagingToArray(ALL);
  const snapshots = endpoints.map((each) => ({
    id: each.id,
    payload: 'snapshot' as const,
    url: each.url,
    isEnabled: each.status === 'enabled',
    events: each.enabled_events,
    apiVersion: each.api_version,
    owner: each.metadata[OWNER_MARK],
  }));
  return [...snapshots, ...(await listThin(stripe))];
}

// The newer list has both kinds. A key that may not read it does not know of thin ones.
async function listThin(stripe: Stripe): Promise<EventDestination[]> {
  try {
    const all = await stripe.v2.core.eventDestinations
      .list({ include: ['webhook_endpoint.url'], limit: 100 })
      .autoPagingToArray(ALL);
    return all
      .filter(({ event_payload: payload }) => payload === 'thin')
      .map((each) => ({
        id: each.id,
        payload: 'thin',
        url: each.webhook_endpoint?.url ?? '',
        isEnabled: each.status === 'enabled',
        events: each.enabled_events.map((type) => type.replace(/^v1\./, '')),
        apiVersion: null,
        owner: undefined,
      }));
  } catch (error) {
    if (error instanceof Stripe.errors.StripePermissionError) return [];
    throw error;
  }
}

/** Without a known origin, whatever leads to the Worker's path may be the Worker. */
export function isWorkers(address: string, origin: string | undefined): boolean {
  const url = URL.parse(address);
  return url?.pathname === WEBHOOK_PATH && (origin === undefined || url.origin === origin);
}

type EnabledEvents = Stripe.WebhookEndpointUpdateParams['enabled_events'] & {};

/** Has it send exactly these events, and switches it on. */
export async function sendEvents(
  stripe: Stripe,
  destination: EventDestination,
  events: string[],
): Promise<void> {
  const { id, payload, isEnabled } = destination;
  if (payload === 'snapshot') {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours, or listed by Stripe
    const enabled = events as EnabledEvents;
    await stripe.webhookEndpoints.update(id, { enabled_events: enabled, disabled: false });
    return;
  }
  const { eventDestinations } = stripe.v2.core;
  await eventDestinations.update(id, { enabled_events: events.map((type) => `v1.${type}`) });
  if (!isEnabled) await eventDestinations.enable(id);
}

export async function removeDestination(
  stripe: Stripe,
  { id, payload }: EventDestination,
): Promise<void> {
  if (payload === 'snapshot') await stripe.webhookEndpoints.del(id);
  else await stripe.v2.core.eventDestinations.del(id);
}
