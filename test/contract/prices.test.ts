import type { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCustomer, statesOf } from '../../src/customers/read.ts';
import { open, type Contract } from './open.ts';

let contract: Contract;
beforeAll(async () => {
  contract = await open();
});
afterAll(async () => contract.close());

type Price = Omit<Stripe.PriceCreateParams, 'product'>;
type More = Omit<Stripe.SubscriptionCreateParams, 'customer'>;

const USD: Price = { currency: 'usd', recurring: { interval: 'month' } };

async function sell(price: Price): Promise<string> {
  const { stripe, things } = contract;
  const { product } = await things.plan();
  const { id } = await stripe.prices.create({ ...price, product: product.id });
  things.remember('price', async () => stripe.prices.update(id, { active: false }));
  return id;
}

/** What D1 would keep of a customer who subscribed like this. */
async function kept(more: More) {
  const { stripe, things } = contract;
  const { id: customer } = await things.customer();
  const { id } = await things.subscription(customer, [], more);
  const read = async () => {
    const reading = await readCustomer(stripe, customer, 'user_id', true);
    const [state] = await statesOf(stripe, [reading]);
    const [subscription] = state?.kind === 'living' ? state.subscriptions : [];
    return subscription!;
  };
  return { id, read };
}

const tiers = [
  { up_to: 10, unit_amount: 900 },
  { up_to: 'inf' as const, unit_amount: 500 },
];

it.each<[string, Price, More, object]>([
  ['flat', { ...USD, unit_amount: 2900 }, {}, { pricing: 'fixed', amount: 2900, quantity: 1 }],
  [
    'tiered',
    { ...USD, billing_scheme: 'tiered', tiers, tiers_mode: 'graduated' },
    {},
    { pricing: 'quantity', amount: null },
  ],
  [
    'in packages',
    { ...USD, unit_amount: 900, transform_quantity: { divide_by: 10, round: 'up' } },
    {},
    { pricing: 'quantity', amount: null },
  ],
  [
    'in another currency',
    { ...USD, unit_amount: 2900, currency_options: { eur: { unit_amount: 2700 } } },
    { currency: 'eur' },
    { pricing: 'currency', amount: null, currency: 'eur' },
  ],
])('tells the kind of a price: %s', async (_, price, more, item) => {
  const { read } = await kept({ ...more, items: [{ price: await sell(price) }] });
  expect((await read()).items).toMatchObject([item]);
});

it('tells usage by its meter, and has no quantity of it', async () => {
  const { stripe, things } = contract;
  const meter = await stripe.billing.meters.create({
    display_name: 'Contract of portal-link',
    event_name: `portal_link_contract_${Date.now()}`,
    default_aggregation: { formula: 'sum' },
  });
  things.remember('meter', async () => stripe.billing.meters.deactivate(meter.id));
  const recurring = { interval: 'month', usage_type: 'metered', meter: meter.id } as const;
  const { read } = await kept({
    items: [{ price: await sell({ ...USD, unit_amount: 5, recurring }) }],
  });
  expect((await read()).items).toMatchObject([{ pricing: 'usage', amount: null, quantity: null }]);
});

it.each([
  [true, 'fixed'],
  [false, 'tax'],
])('tells whether the tax is in the price: %s', async (inclusive, pricing) => {
  const { stripe, things } = contract;
  const rate = await stripe.taxRates.create({ display_name: 'VAT', inclusive, percentage: 20 });
  things.remember('tax rate', async () => stripe.taxRates.update(rate.id, { active: false }));
  const price = await sell({ ...USD, unit_amount: 2900 });
  const { read } = await kept({ items: [{ price }], default_tax_rates: [rate.id] });
  expect((await read()).items).toMatchObject([{ pricing }]);
});

it('names discounts of a subscription and of an item, by coupon and by promotion code', async () => {
  const { stripe, things } = contract;
  const coupon = await stripe.coupons.create({ percent_off: 20, name: 'Friends' });
  const other = await stripe.coupons.create({ percent_off: 5 });
  for (const { id } of [coupon, other]) {
    things.remember('coupon', async () => stripe.coupons.del(id));
  }
  const promotion = { type: 'coupon', coupon: coupon.id } as const;
  const code = await stripe.promotionCodes.create({ promotion });
  const price = await sell({ ...USD, unit_amount: 2900 });
  const { read } = await kept({
    items: [{ price, discounts: [{ coupon: other.id }] }],
    discounts: [{ promotion_code: code.id }],
  });
  expect((await read()).terms?.discounts).toEqual([other.id, 'Friends']);
});

it('tells when a schedule changes and ends a subscription', async () => {
  const { stripe } = contract;
  const price = await sell({ ...USD, unit_amount: 2900 });
  const { id, read } = await kept({ items: [{ price }] });
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: id });
  expect((await read()).terms).toMatchObject({ changesAt: null, mayChange: false });
  const { start_date: start, end_date: end } = schedule.phases[0]!;
  const items = [{ price, quantity: 1 }];
  const later = end + 30 * 86_400;
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      { items, start_date: start, end_date: end },
      { items, start_date: end, end_date: later },
    ],
  });
  expect(await read()).toMatchObject({ cancelAt: null, terms: { changesAt: end } });
  await stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'cancel' });
  expect(await read()).toMatchObject({ cancelAt: later, terms: { isResumable: false } });
});
