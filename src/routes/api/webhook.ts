import { Hono } from 'hono/tiny';
import { followLead, leadOf, readEvent, type EventBody } from '../../customers/events.ts';
import { syncCustomer } from '../../customers/sync.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { Services } from '../../services.ts';
import { calling } from '../../stripe/faults.ts';
import { verifyDelivery } from '../../stripe/webhook.ts';
import type { AppEnv } from '../../http/context.ts';
import { limitBody } from '../../http/guards.ts';

const BODY_BYTES = 512 * 1024;

/**
 * Stripe's webhook deliveries. 200 means that D1 holds the state that the event announced, or a
 * newer one. After a 5xx Stripe delivers again, for three days.
 */
export const webhook = new Hono<AppEnv>().post('/', limitBody(BODY_BYTES), async (c) => {
  const { config, stripe } = c.get('services');
  const now = new Date();
  const delivery = await verifyDelivery(
    stripe,
    new Uint8Array(await c.req.arrayBuffer()),
    c.req.header('stripe-signature'),
    config.webhookSecrets,
    now,
  );
  const event = readEvent(delivery);
  if (!event) throw new BillingError('webhook_refused', 'The signed body is not an event.');
  if (event.livemode !== config.livemode) {
    throw new BillingError('webhook_mode_mismatch', 'The event is of the other mode.');
  }
  await syncCustomerOf(event, c.get('services'), now);
  c.get('trace').outcome = 'event_synced';
  return c.json({ received: true });
});

async function syncCustomerOf(event: EventBody, services: Services, now: Date): Promise<void> {
  const lead = leadOf(event);
  if (!lead) return;
  const { config, stripe } = services;
  const customer = await calling(config.livemode, async () => followLead(lead, stripe));
  if (customer !== null) await syncCustomer(customer, services, now);
}
