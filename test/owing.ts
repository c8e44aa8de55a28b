import type { Stripe } from 'stripe';
import type { World } from './world.ts';

/** What can be owed in a world, and what becomes of it. */
export function createOwing(world: World) {
  const { api, stripe } = world;
  const { state } = stripe;

  /** A subscription of the customer whose last payment has failed. */
  async function overdue(customer: string) {
    const { id } = await world.subscribe(customer);
    const invoice = state.leaveUnpaid(id);
    await world.sync(customer);
    return { subscription: id, invoice };
  }

  /** A subscription with these parameters, in D1 as well. */
  async function subscribed(
    customer: string,
    more: Omit<Partial<Stripe.SubscriptionCreateParams>, 'customer' | 'items'>,
  ) {
    const { items } = await world.subscribe((await world.somebody()).customer);
    const price = items.data[0]!.price.id;
    const { id } = await api.subscriptions.create({ customer, items: [{ price }], ...more });
    await world.sync(customer);
    return { subscription: id, invoice: state.latestInvoice(id) };
  }

  const sent = async (customer: string) =>
    subscribed(customer, { collection_method: 'send_invoice', days_until_due: 14 });
  const incomplete = async (customer: string) =>
    subscribed(customer, { payment_behavior: 'default_incomplete' });

  /** Presses a button of the hosted page of an invoice. */
  async function payThere(address: string, way: 'card' | 'bank' | 'declined' = 'card') {
    const url = new URL(address);
    url.pathname += '/pay';
    const body = new URLSearchParams({ way });
    await stripe.fetch(new Request(url, { method: 'POST', body, redirect: 'manual' }));
  }

  /** Takes the right away that a restricted key may lack. */
  function useKeyWithout(...lacking: string[]) {
    const all = [
      'rak_customer_portal_write',
      'rak_customer_read',
      'rak_subscription_read',
      'rak_product_read',
      'rak_checkout_session_read',
      'rak_event_read',
      'rak_invoice_read',
      'rak_payment_intent_read',
    ];
    const permissions = new Set(all.filter((each) => !lacking.includes(each)));
    state.keys.set(RESTRICTED, { livemode: false, permissions });
    world.configure({ STRIPE_SECRET_KEY: RESTRICTED });
  }

  return { overdue, subscribed, sent, incomplete, payThere, useKeyWithout };
}

const RESTRICTED = 'rk_test_standin0000000000000000';

export type Owing = ReturnType<typeof createOwing>;
