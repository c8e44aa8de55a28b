import type { StripeEvent, WebhookEndpoint } from './objects.ts';
import type { State } from './state.ts';

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

async function attempt(
  state: State,
  event: StripeEvent,
  endpoint: WebhookEndpoint,
  [next, ...later]: number[],
): Promise<void> {
  const payload = JSON.stringify(event, null, 2);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': await signatureOf(payload, endpoint.secret, state.seconds()),
  };
  const response = await fetch(endpoint.url, { method: 'POST', headers, body: payload }).catch(
    () => undefined,
  );
  if (response?.ok) event.pending_webhooks -= 1;
  else if (next !== undefined) {
    setTimeout(() => void attempt(state, event, endpoint, later), next);
  }
}

/** The header that proves a delivery: https://docs.stripe.com/webhooks#verify-manually */
async function signatureOf(payload: string, secret: string, seconds: number): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(`${seconds}.${payload}`));
  const hexadecimal = [...new Uint8Array(signature)].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `t=${seconds},v1=${hexadecimal.join('')}`;
}
