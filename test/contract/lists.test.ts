import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { open, type Contract } from './open.ts';

let contract: Contract;
let customer: string;
let subscriptions: string[];
beforeAll(async () => {
  contract = await open();
  const { things } = contract;
  ({ id: customer } = await things.customer());
  const { price } = await things.plan(100);
  subscriptions = [];
  for (let made = 0; made < 3; made += 1) {
    subscriptions.push((await things.subscription(customer, [price.id])).id);
    // Moments are whole seconds, and order within one is nobody's promise.
    await contract.passSecond();
  }
});
afterAll(async () => contract.close());

const page = async (more: object) => {
  const { data, has_more: more_ } = await contract.stripe.subscriptions.list({ customer, ...more });
  return { ids: data.map(({ id }) => id), more: more_ };
};

it('lists the newest first', async () => {
  expect(await page({})).toEqual({ ids: subscriptions.toReversed(), more: false });
});

it('says whether there is more, on the way to the oldest', async () => {
  const [oldest, middle, newest] = subscriptions;
  expect(await page({ limit: 2 })).toEqual({ ids: [newest, middle], more: true });
  expect(await page({ limit: 2, starting_after: middle })).toEqual({ ids: [oldest], more: false });
  expect(await page({ limit: 3 })).toMatchObject({ more: false });
});

it('says whether there is more, on the way to the newest', async () => {
  const [oldest, middle, newest] = subscriptions;
  expect(await page({ limit: 1, ending_before: oldest })).toEqual({ ids: [middle], more: true });
  expect(await page({ limit: 2, ending_before: oldest })).toEqual({
    ids: [newest, middle],
    more: false,
  });
  expect(await page({ limit: 1, ending_before: newest })).toEqual({ ids: [], more: false });
});

it('leaves out what was cancelled, unless all are asked for', async () => {
  const [oldest, ...others] = subscriptions;
  await contract.stripe.subscriptions.cancel(oldest!);
  expect((await page({})).ids).toEqual(others.toReversed());
  expect((await page({ status: 'all' })).ids).toEqual(subscriptions.toReversed());
});

it('shows events, late by so much, and none but of the asked types', async () => {
  const before = await contract.stripe.events.list({ limit: 1, types: EVENT_TYPES });
  const { id } = await contract.things.customer();
  const made = Date.now();
  let seen: string | undefined;
  while (seen === undefined && Date.now() - made < 90_000) {
    const { data } = await contract.stripe.events.list({
      limit: 100,
      types: EVENT_TYPES,
      ...(before.data[0] && { ending_before: before.data[0].id }),
    });
    expect(data.every(({ type }) => (EVENT_TYPES as string[]).includes(type))).toBe(true);
    seen = data.find(({ data: { object } }) => 'id' in object && object.id === id)?.type;
  }
  contract.note(`customer.created was in the list after ${Date.now() - made} ms`);
  expect(seen).toBe('customer.created');
});

it('shows a product list by ids, whatever their order', async () => {
  const { things, stripe } = contract;
  const products = [(await things.plan(1)).product.id, (await things.plan(2)).product.id];
  const { data } = await stripe.products.list({ ids: products, limit: 100 });
  expect(data.map(({ id }) => id).toSorted()).toEqual(products.toSorted());
});
