import { beforeEach } from 'vitest';
import { createWorld, WEBHOOK_SECRET, type World } from '../world.ts';

/** Of the test that runs. */
export let world: World;

/** Begins each test with a new Stripe account. */
export function useEndpoint(): void {
  beforeEach(async () => {
    world = await createWorld();
  });
}

export const now = () => Math.floor(Date.now() / 1000);

export async function sign(
  payload: string,
  secret = WEBHOOK_SECRET,
  timestamp = now(),
): Promise<string> {
  return world.api.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp });
}

export async function post(body: BodyInit, signature?: string): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (signature !== undefined) headers.set('stripe-signature', signature);
  return world.visit('/api/stripe/webhook', { method: 'POST', body, headers });
}

/** A customer who is at Stripe and not in D1, and its event. */
export async function newCustomer(subject: string) {
  const customer = await world.api.customers.create({
    name: 'Ada',
    metadata: { user_id: subject },
  });
  const event = [...world.stripe.state.events.values()].at(-1)!;
  return { id: customer.id, event, payload: JSON.stringify(event) };
}

/** The ids of the customers of this subject in D1. */
export const known = async (subject: string) => {
  const found = await world.stores.customers.findBySubjects([subject], false, 'primary');
  return found.map(({ id }) => id);
};
