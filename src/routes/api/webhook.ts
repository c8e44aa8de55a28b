import type { Context } from 'hono';
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

// Milliseconds before each further look for a moment that is not full.
const PAUSES = [1_000, 2_000];

/**
 * Stripe's webhook deliveries. 200 means that D1 holds the state that the event announced, or a
 * newer one. In a storm, it means that the cron job will see to it. After a 5xx Stripe delivers
 * again, for three days.
 */
export async function takeDelivery(c: Context<AppEnv>): Promise<Response> {
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
  const goOn = (work: Promise<void>) => c.executionCtx.waitUntil(work);
  c.get('trace').outcome = await answerEvent(event, c.get('services'), now, goOn);
  return c.json({ received: true });
}

/** @param goOn  for work that goes on after the answer */
async function answerEvent(
  event: EventBody,
  services: Services,
  now: Date,
  goOn: (work: Promise<void>) => void,
): Promise<'event_synced' | 'event_noted'> {
  const lead = leadOf(event);
  if (!lead) return 'event_synced';
  const { config, limits, stores } = services;
  const id = idOfEvent(event);
  const sync = async (at: Date): Promise<boolean> => {
    if (!(await limits.allowsSync(config.livemode, at))) return false;
    const stripe = services.yieldingStripe();
    const customer = await calling(config.livemode, async () => followLead(lead, stripe));
    if (customer !== null) await syncCustomer(customer, { ...services, stripe }, at, id);
    return true;
  };
  try {
    if (await sync(now)) return 'event_synced';
  } catch (error) {
    // The sync has taken its ticket. The rest of the rate is for visitors.
    if (isRateLimited(error)) return 'event_noted';
    throw error;
  }
  // Who another object belongs to, the cron job reads in Stripe's list of events.
  if (lead.kind === 'customer') {
    await stores.syncs.takeTickets([lead.id], config.livemode, now, id);
  }
  goOn(trySoon(sync));
  return 'event_noted';
}

/** A purchase brings some events at once: those above the limit need not wait for the cron job. */
async function trySoon(sync: (at: Date) => Promise<boolean>): Promise<void> {
  try {
    for (const pause of PAUSES) {
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
      if (await sync(new Date())) return;
    }
  } catch {
    // The cron job tries again, and says what is wrong.
  }
}

const isRateLimited = (error: unknown) =>
  error instanceof BillingError && error.code === 'stripe_rate_limited';
