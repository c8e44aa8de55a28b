import { Hono } from 'hono/tiny';
import { followLead, leadOf, readEvent, type Told } from '../../customers/events.ts';
import { syncCustomer } from '../../customers/sync.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { Services } from '../../services.ts';
import { calling } from '../../stripe/faults.ts';
import { verifyDelivery } from '../../stripe/webhook.ts';
import type { AppEnv } from '../../http/context.ts';
import { limitBody } from '../../http/guards.ts';

const BODY_BYTES = 512 * 1024;

/**
 * Stripe's deliveries. 200 says that D1 holds what the event told of, or something newer; any
 * failure is a 5xx, and Stripe delivers again for three days.
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
  if (!event) throw new BillingError('webhook_refused', 'What was signed is not an event.');
  if (event.livemode !== config.livemode) {
    throw new BillingError('webhook_mode_mismatch', 'The event is of the other mode.', {
      remedy: 'A webhook endpoint of each mode leads to the Worker with the key of that mode.',
    });
  }
  await syncNamed(event, c.get('services'), now);
  c.get('trace').outcome = 'event_synced';
  return c.json({ received: true });
});

async function syncNamed(event: Told, services: Services, now: Date): Promise<void> {
  const lead = leadOf(event);
  if (!lead) return;
  const { config, stripe } = services;
  const customer = await calling(config.livemode, async () => followLead(lead, stripe));
  if (customer !== null) await syncCustomer(customer, services, now);
}
