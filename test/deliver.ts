import { thinNotificationOf } from './stripe/webhooks.ts';
import { WEBHOOK_SECRET, type World } from './world.ts';

/** Delivers text as Stripe does, and returns the status of the answer. */
export async function deliver(world: World, payload: string): Promise<number> {
  const signature = await world.api.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: WEBHOOK_SECRET,
  });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const init = { method: 'POST', body: payload, headers };
  return (await world.visit('/api/stripe/webhook', init)).status;
}

/** Delivers what happens from here on, when the function that it returns is called. */
export function collectEvents(world: World) {
  let delivered = world.stripe.state.events.size;
  const next = () => {
    const events = [...world.stripe.state.events.values()].slice(delivered);
    delivered += events.length;
    return events;
  };
  return {
    /** Their webhooks are lost. */
    lose: () => void next(),
    deliverAll: async (how: 'snapshot' | 'thin' = 'snapshot') => {
      const statuses = new Set<number>();
      for (const event of next()) {
        const payload = how === 'thin' ? thinNotificationOf(event) : JSON.stringify(event);
        statuses.add(await deliver(world, payload));
      }
      return [...statuses];
    },
  };
}
