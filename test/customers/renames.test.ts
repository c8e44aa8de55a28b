import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyTables } from '../database.ts';
import { listen } from '../log.ts';
import { createWorld, type World } from '../world.ts';

const SIX_MINUTES = 360_000;

let world: World;

beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld({ CRON_SUBREQUESTS: '50' });
  listen('info');
  vi.useFakeTimers({ toFake: ['Date'] });
  await world.api.customers.create({ name: 'From the start' });
  await world.runCron();
});

const pass = async () => {
  vi.setSystemTime(Date.now() + SIX_MINUTES);
  await world.runCron();
};

async function subscribed() {
  const { id } = await world.api.customers.create({ name: 'Ada' });
  await world.subscribe(id);
  // So much later that the sync covers the events of both.
  vi.setSystemTime(Date.now() + 60_000);
  await world.sync(id);
  const [product] = [...world.stripe.state.products.keys()];
  return { id, product: product! };
}

const productOf = async (id: string) =>
  (await world.stores.customers.subscriptionsOf(id))[0]?.items[0]?.product;

describe('a product’s new name', () => {
  it('arrives once its event has settled, and costs nothing afterwards', async () => {
    const { id, product } = await subscribed();
    await world.api.products.update(product, { name: 'Pro Max' });
    await pass();
    expect(await productOf(id)).toBe('Pro Max');
    const calls = world.callsTo('/v1/products').length;
    await pass();
    expect(world.callsTo('/v1/products')).toHaveLength(calls);
  });

  it('is the last one of several', async () => {
    const { id, product } = await subscribed();
    for (const name of ['Second', 'Third']) await world.api.products.update(product, { name });
    await pass();
    expect(await productOf(id)).toBe('Third');
  });

  it('leaves other products, and everything but the name, as they are', async () => {
    const { id, product } = await subscribed();
    const other = await world.api.products.create({ name: 'Other' });
    const before = await world.stores.customers.subscriptionsOf(id);
    await world.api.products.update(other.id, { name: 'Another' });
    await world.api.products.update(product, { description: 'Not its name' });
    const calls = world.callsTo('/v1/products').length;
    await pass();
    expect(await world.stores.customers.subscriptionsOf(id)).toEqual(before);
    expect(world.callsTo('/v1/products').length - calls).toBe(1);
  });

  it('is written in steps, however many subscriptions there are', async () => {
    const { id, product } = await subscribed();
    await manySubscriptions(id, product, 50_000);
    await world.api.products.update(product, { name: 'Everywhere' });
    const left = async () =>
      env.DB.prepare(
        `select count(*) as n from subscriptions where items not like '%Everywhere%'`,
      ).first<number>('n');
    const counts: number[] = [];
    for (let run = 0; run < 6 && (await left()); run += 1) {
      const before = world.stripe.requests.length;
      world.queries.length = 0;
      await pass();
      const spent = world.stripe.requests.length - before + world.queries.length;
      expect(spent).toBeLessThanOrEqual(50);
      counts.push((await left())!);
    }
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts.at(-1)).toBe(0);
  });
});

async function manySubscriptions(customer: string, productId: string, count: number) {
  const items = JSON.stringify([{ id: 'si', product: 'Pro', productId, price: 'price' }]);
  await env.DB.prepare(
    `insert into subscriptions (id, customer_id, status, items, paused, created_at)
     with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?)
     select 'sub_many_' || n, ?, 'active', ?, 0, n from numbers`,
  )
    .bind(count, customer, items)
    .run();
}

it('the account that the rows are of is noted for each mode, and another begins all walks anew', async () => {
  const { createOperatorStore } = await import('../../src/customers/stores/operator.ts');
  const operator = createOperatorStore(env.DB);
  expect(await operator.account(false)).toBeUndefined();
  await operator.noteAccount('acct_1', false);
  expect([await operator.account(false), await operator.account(true)]).toEqual([
    'acct_1',
    undefined,
  ]);
  await operator.beginWithAccount('acct_2', false);
  expect(await world.stores.cursors.read(false)).toEqual(new Map([['account', 'acct_2']]));
  expect((await world.stores.cursors.read(true)).get('customers')).toBe('done');
});
