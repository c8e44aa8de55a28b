import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { readCustomer, statesOf } from '../../src/customers/read.ts';
import { open, type Contract } from './open.ts';

let contract: Contract;
let plan: Awaited<ReturnType<Contract['things']['plan']>>;
beforeAll(async () => {
  contract = await open();
  plan = await contract.things.plan(2900);
});
afterAll(async () => contract.close());

type Mode = 'classic' | 'flexible';

async function subscribed(mode: Mode, prices = [plan.price.id]) {
  const { things } = contract;
  const { id: customer } = await things.customer();
  const { id } = await things.subscription(customer, prices, { billing_mode: { type: mode } });
  return { customer, id };
}

/** What D1 would keep of it. */
async function kept(customer: string) {
  const reading = await readCustomer(contract.stripe, customer, 'user_id', true);
  const [state] = await statesOf(contract.stripe, [reading]);
  return state?.kind === 'living' ? state.subscriptions : [];
}

/** Goes through a flow at the stand-in, as a customer would in the portal. */
async function inPortal(
  customer: string,
  type: 'subscription_cancel' | 'subscription_pause',
  subscription: string,
): Promise<void> {
  const { id: configuration } = await contract.things.configuration({
    features: { subscription_cancel: { enabled: true }, subscription_pause: { enabled: true } },
  });
  const { url } = await contract.stripe.billingPortal.sessions.create({
    customer,
    configuration,
    flow_data: { type, [type]: { subscription } },
  });
  const response = await fetch(`${url}/complete`, { method: 'POST', redirect: 'manual' });
  expect(response.status).toBeLessThan(400);
}

const ends = ({ items }: Stripe.Subscription) =>
  items.data.map(({ current_period_end: end }) => end);

describe.each<Mode>(['flexible', 'classic'])('in %s billing mode', (mode) => {
  it('tells which one it is', async () => {
    const { id } = await subscribed(mode);
    const { billing_mode: billing } = await contract.stripe.subscriptions.retrieve(id);
    expect(billing.type).toBe(mode);
  });

  it('cancels at the end of the period by its flag, and tells when that is', async () => {
    const { customer, id } = await subscribed(mode);
    const { subscriptions } = contract.stripe;
    const cancelling = await subscriptions.update(id, { cancel_at_period_end: true });
    const [end] = ends(cancelling);
    expect(cancelling).toMatchObject({ cancel_at: end, cancel_at_period_end: true });
    expect(await kept(customer)).toMatchObject([{ cancelAt: end, status: 'active' }]);
    const resumed = await subscriptions.update(id, { cancel_at_period_end: false });
    expect(resumed).toMatchObject({ cancel_at: null, cancel_at_period_end: false });
  });

  it('cancels at a moment without the flag', async () => {
    const { customer, id } = await subscribed(mode);
    const at = Math.floor(Date.now() / 1000) + 10 * 86_400;
    const cancelling = await contract.stripe.subscriptions.update(id, { cancel_at: at });
    expect(cancelling).toMatchObject({ cancel_at: at, cancel_at_period_end: false });
    expect(await kept(customer)).toMatchObject([{ cancelAt: at }]);
  });

  it('cancels at once, and is then none of the customer’s', async () => {
    const { customer, id } = await subscribed(mode);
    const ended = await contract.stripe.subscriptions.cancel(id);
    expect(ended).toMatchObject({ status: 'canceled', cancel_at_period_end: false });
    expect(ended.ended_at).not.toBeNull();
    expect(await kept(customer)).toEqual([]);
  });

  it('cancels in the portal, in classic mode by the flag as well', async ({ skip }) => {
    if (contract.kind === 'sandbox') return skip('See npm run test:stripe -- --by-hand.');
    const { customer, id } = await subscribed(mode);
    await inPortal(customer, 'subscription_cancel', id);
    const cancelling = await contract.stripe.subscriptions.retrieve(id);
    const [end] = ends(cancelling);
    const flag = mode === 'classic';
    expect(cancelling).toMatchObject({ cancel_at: end, cancel_at_period_end: flag });
    expect(await kept(customer)).toMatchObject([{ cancelAt: end }]);
    return undefined;
  });

  it('pauses collection, and stays active', async () => {
    const { customer, id } = await subscribed(mode);
    const { subscriptions } = contract.stripe;
    const paused = await subscriptions.update(id, { pause_collection: { behavior: 'void' } });
    expect(paused).toMatchObject({
      status: 'active',
      pause_collection: { behavior: 'void', resumes_at: null },
    });
    expect(await kept(customer)).toMatchObject([{ paused: true, resumesAt: null }]);
    const resumed = await subscriptions.update(id, { pause_collection: '' });
    expect(resumed.pause_collection).toBeNull();
  });
});

it('ends with the period that ends first, of several', async () => {
  const { things, stripe } = contract;
  const week = await things.price(plan.product.id, 100, 'week');
  const { id } = await subscribed('flexible', [plan.price.id, week.id]);
  const cancelling = await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(new Set(ends(cancelling)).size).toBe(2);
  expect(cancelling.cancel_at).toBe(Math.min(...ends(cancelling)));
});

it('pauses in flexible mode: a status, events, and no end of the pause', async () => {
  const { stripe } = contract;
  const { customer, id } = await subscribed('flexible');
  const { data } = await stripe.events.list({ limit: 1, types: EVENT_TYPES });
  const paused = await stripe.subscriptions.pause(id);
  expect(paused).toMatchObject({
    status: 'paused',
    pause_collection: null,
    status_details: { paused: { subscription: { type: 'pause_requested' } } },
  });
  expect(await kept(customer)).toMatchObject([{ status: 'paused', paused: true }]);
  const resumed = await stripe.subscriptions.resume(id);
  expect(resumed.status).toBe('active');
  expect(await kept(customer)).toMatchObject([{ status: 'active', paused: false }]);
  const wanted = ['customer.subscription.paused', 'customer.subscription.resumed'];
  const began = Date.now();
  const seen = new Set<string>();
  while (wanted.some((type) => !seen.has(type)) && Date.now() - began < 90_000) {
    const events = await stripe.events.list({
      limit: 100,
      types: EVENT_TYPES,
      ...(data[0] && { ending_before: data[0].id }),
    });
    for (const event of events.data) {
      const { object } = event.data;
      if ('id' in object && object.id === id) seen.add(event.type);
    }
  }
  expect([...seen]).toEqual(expect.arrayContaining([...wanted, 'customer.subscription.updated']));
});

it('pauses in the portal by the same status', async ({ skip }) => {
  if (contract.kind === 'sandbox') return skip('See npm run test:stripe -- --by-hand.');
  const { customer, id } = await subscribed('flexible');
  await inPortal(customer, 'subscription_pause', id);
  expect(await contract.stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'paused' });
  return undefined;
});

it('does not pause in classic mode', async () => {
  const { id } = await subscribed('classic');
  const { status, body } = await contract.raw('POST', `/v1/subscriptions/${id}/pause`);
  expect(status).toBe(400);
  contract.note(`pausing in classic mode: “${body.error!.message}”`);
});

it('names its latest invoice', async () => {
  const { id } = await subscribed('flexible');
  const subscription = await contract.stripe.subscriptions.retrieve(id);
  expect(subscription.latest_invoice).toMatch(/^in_/);
});

it('names its discounts by their ids, and tells more of them if asked', async () => {
  const { stripe, things } = contract;
  const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
  things.remember('coupon', async () => stripe.coupons.del(coupon.id));
  const { id: customer } = await things.customer();
  const { id, discounts } = await things.subscription(customer, [plan.price.id], {
    discounts: [{ coupon: coupon.id }],
  });
  expect(discounts).toEqual([expect.stringMatching(/^di_/)]);
  const expanded = await stripe.subscriptions.retrieve(id, { expand: ['discounts'] });
  expect(expanded.discounts).toMatchObject([
    { object: 'discount', source: { coupon: coupon.id, type: 'coupon' } },
  ]);
});
