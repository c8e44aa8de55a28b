import { newId } from './identifiers.ts';
import type { StripeEvent, WebhookEndpoint } from './objects.ts';
import type { State } from './state.ts';

/** When something happens, in milliseconds. */
type Moment = { now: number };

// Stripe tries for three days; here nobody has that long.
const RETRIES_AFTER = [1_000, 5_000, 15_000];

/** Delivers each event to the endpoints that want it, as Stripe does: later, and repeatedly. */
export function deliverWebhooks(state: State): void {
  state.onEvent = (event) => {
    for (const endpoint of wanting(state, event)) {
      setTimeout(() => void attempt(state, event, endpoint, RETRIES_AFTER), 0);
    }
  };
}

/** The enabled endpoints of the event's mode that want its type. */
export function wanting(
  state: State,
  event: Pick<StripeEvent, 'livemode' | 'type'>,
): WebhookEndpoint[] {
  return [...state.webhookEndpoints.values()].filter(
    ({ livemode, status, enabled_events: types }) =>
      livemode === event.livemode &&
      status === 'enabled' &&
      (types.includes('*') || types.includes(event.type)),
  );
}

/** The text that Stripe POSTs to an endpoint that takes snapshots. */
function snapshotOf(event: StripeEvent): string {
  return JSON.stringify(event, null, 2);
}

/** The text of a notification that only names what the event is about, with an id of its own. */
export function thinNotificationOf(event: StripeEvent): string {
  const { object: type, id } = event.data.object;
  const path = String(type).replaceAll('.', '/');
  const notification = {
    id: newId('evt'),
    object: 'v2.core.event',
    type: `v1.${event.type}`,
    created: new Date(event.created * 1000).toISOString(),
    livemode: event.livemode,
    context: null,
    related_object: { id, type, url: `/v1/${path}s/${String(id)}` },
    snapshot_event: event.id,
  };
  return JSON.stringify(notification, null, 2);
}

/** The header that proves a delivery: https://docs.stripe.com/webhooks#verify-manually */
async function signatureHeader(payload: string, secret: string, { now }: Moment): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(`${seconds}.${payload}`));
  const hexadecimal = [...new Uint8Array(signature)].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `t=${seconds},v1=${hexadecimal.join('')}`;
}

/** Tries once to deliver the event; the answer's status, or 0 when there was no answer. */
async function deliver(
  event: StripeEvent,
  endpoint: Pick<WebhookEndpoint, 'secret' | 'url'>,
  moment: Moment,
): Promise<number> {
  const body = snapshotOf(event);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': await signatureHeader(body, endpoint.secret, moment),
  };
  try {
    // Stripe follows no redirect: it counts as a failure.
    const init = { method: 'POST', headers, body, redirect: 'manual' } as const;
    const response = await fetch(endpoint.url, init);
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

async function attempt(
  state: State,
  event: StripeEvent,
  endpoint: WebhookEndpoint,
  [next, ...later]: number[],
): Promise<void> {
  // Asked again at each try: the endpoint may have been switched off or deleted since.
  if (!wanting(state, event).includes(endpoint)) return;
  // A secret that cannot sign is a failure like any other; nobody awaits this.
  const status = await deliver(event, endpoint, { now: state.now() }).catch(() => 0);
  if (status >= 200 && status < 300) event.pending_webhooks -= 1;
  else if (next !== undefined) {
    setTimeout(() => void attempt(state, event, endpoint, later), next);
  }
}
