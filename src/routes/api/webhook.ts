import { Hono } from 'hono/tiny';
import {
  followLead,
  idOfEvent,
  leadOf,
  readEvent,
  type EventBody,
} from '../../customers/events.ts';
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
 * newer one. In a storm, it means that D1 has a ticket for it, which the cron job honours. After
 * a 5xx Stripe delivers again, for three days.
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
  c.get('trace').outcome = await answerEvent(event, c.get('services'), now);
  return c.json({ received: true });
});

async function answerEvent(
  event: EventBody,
  services: Services,
  now: Date,
): Promise<'event_synced' | 'event_noted'> {
  const lead = leadOf(event);
  if (!lead) return 'event_synced';
  const { config, limits, stores, stripe } = services;
  const customer = await calling(config.livemode, async () => followLead(lead, stripe));
  if (customer === null) return 'event_synced';
  const id = idOfEvent(event);
  if (await limits.allowsSync()) {
    await syncCustomer(customer, services, now, id);
    return 'event_synced';
  }
  await stores.syncs.takeTickets([customer], config.livemode, now, id);
  return 'event_noted';
}
