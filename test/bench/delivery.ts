import { randomUUID } from 'node:crypto';
import { Stripe } from 'stripe';
import type { Call } from './load.ts';
import { STRIPE_KEY } from './stubs.ts';
import { WEBHOOK_SECRET } from './site.ts';

const stripe = new Stripe(STRIPE_KEY);

/** A signed event that says that a customer has changed. */
export async function delivery(customer: string): Promise<Call> {
  const payload = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type: 'customer.updated',
    api_version: '2026-10-28.endive',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { id: customer, object: 'customer' } },
  });
  const signature = await stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: WEBHOOK_SECRET,
  });
  return {
    path: '/api/stripe/webhook',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    body: payload,
  };
}
