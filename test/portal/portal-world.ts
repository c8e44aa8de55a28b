import type { WrittenPortal } from '../../src/config/portals-setting.ts';
import { createWorld, type World } from '../world.ts';

/** Features that a portal can have. */
export const ALL = [
  'customer_update',
  'invoice_history',
  'payment_method_update',
  'subscription_cancel',
  'subscription_pause',
  'subscription_update',
] as const;

export type Wanted = Omit<WrittenPortal, 'id'>;

/** A Worker with these portals, each of which is at Stripe and has what it says switched on. */
export async function createPortalWorld(wanted: Wanted[], settings: Record<string, unknown> = {}) {
  const world = await createWorld(settings);
  const ids: Record<string, string> = {};
  const written: WrittenPortal[] = [];
  for (const portal of wanted) {
    const { id } = await world.api.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const { features } = world.stripe.state.configurations.get(id)!;
    for (const feature of ALL) features[feature].enabled = portal.features.includes(feature);
    written.push({ ...portal, id });
    ids[portal.name] = id;
  }
  world.configure({ PORTALS: JSON.stringify(written) });
  return { world, ids };
}

export const lastSession = (world: World) =>
  world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;

/** Somebody with a subscription, which D1 knows. */
export async function subscriberIn(world: World) {
  const person = await world.somebody();
  const subscription = await world.subscribe(person.customer);
  await world.sync(person.customer);
  const [item] = subscription.items.data;
  const { id: price, product } = item!.price as { id: string; product: string };
  return { ...person, subscription, price, product };
}
