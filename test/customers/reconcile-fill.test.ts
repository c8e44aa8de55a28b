import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { emptyTables } from '../database.ts';
import { listen } from '../log.ts';
import { createWorld, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld({ CRON_SUBREQUESTS: '50' });
  listen('info');
});

const create = (name: string) => world.stripe.create('/v1/customers', { name });

/** Customers who come before everybody created so far on Stripe's list. */
function createOthers(count: number): void {
  for (let number = 0; number < count; number += 1) create(`Other ${number}`);
}

async function fill(runs = 40): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    await world.runCron();
    world.configure({});
    const health = await (await world.visit('/healthz')).json<{ first_fill: string }>();
    if (health.first_fill === 'complete') return;
  }
  throw new Error('The fill does not come to an end.');
}

const follow = async (subject: string) => {
  const { browser } = await world.visitor(subject);
  return world.visit('/billing/manage', { headers: browser });
};
const operator = () => createOperatorStore(env.DB);
const subjectOf = async (id: string) => (await world.row(id))?.['subject'];

describe('during the first fill', () => {
  it.each([
    'a checkout’s client_reference_id',
    'a checkout’s metadata',
    'a subscription’s metadata',
  ])(
    'people known by %s open their portal after one run, however many customers there are',
    async (by) => {
      const { id } = create('Early');
      createOthers(600);
      const metadata = { user_id: 'early' };
      if (by.includes('client')) {
        world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'early' });
      } else if (by.includes('checkout')) {
        world.stripe.state.completeCheckout({ customer: id, metadata });
      } else await world.subscribe(id, metadata);
      await world.runCron();
      expect((await follow('early')).status).toBe(303);
      expect(await world.row(id)).toMatchObject({ name: 'Early' });
    },
  );

  it('nobody reads that they bought nothing, and everybody does afterwards', async () => {
    createOthers(600);
    await world.runCron();
    const early = await follow('buyer');
    expect(early.status).toBe(503);
    expect(early.headers.get('retry-after')).toBe('300');
    expect(await early.text()).toContain('We’re still connecting your account');
    await fill();
    await emptySearches();
    expect((await follow('buyer')).status).toBe(404);
  });

  it('a page that never arrives is asked for again in halves', async () => {
    createOthers(300);
    const slow = { path: '/v1/customers', method: 'GET', delayPerItem: 90, times: 10_000 };
    world.stripe.faults.order(slow);
    await fill();
    const read = 'select count(*) as n from customers where synced_ticket > 0';
    expect(await env.DB.prepare(read).first('n')).toBe(300);
  });

  it('a walk goes on at its time when Stripe has forgotten what it had come to', async () => {
    for (let number = 0; number < 350; number += 1) {
      const { id } = create(`Guest ${number}`);
      world.stripe.state.completeCheckout({ customer: id, client_reference_id: `guest ${number}` });
    }
    world.configure({ CRON_SUBREQUESTS: '30' });
    await world.runCron();
    const { after } = JSON.parse((await world.stores.cursors.read(false)).get('checkouts')!);
    world.stripe.state.checkoutSessions.delete(after);
    await fill();
    const mapped = 'select count(*) as n from customers where subject is not null';
    expect(await env.DB.prepare(mapped).first('n')).toBe(350);
  });

  it('a page of many large subscriptions is written in parts that D1 takes', async () => {
    const { id: one } = create('One');
    const subscription = await world.subscribe(one);
    const stored = world.stripe.state.subscriptions.get(subscription.id)!;
    const [item] = stored.items.data;
    const items = Array.from({ length: 20 }, (_, index) => ({ ...item!, id: `si_${index}` }));
    for (let number = 0; number < 40; number += 1) {
      const { id } = create(`Large ${number}`);
      for (let count = 0; count < 10; count += 1) {
        const more = structuredClone({ ...stored, id: `sub_${number}_${count}`, customer: id });
        more.items.data = structuredClone(items);
        world.stripe.state.addSubscription(more);
      }
    }
    const sizes: number[] = [];
    world.configure({ DB: measuring(env.DB, sizes), CRON_SUBREQUESTS: '1000' });
    await fill();
    expect(Math.max(...sizes)).toBeLessThan(1_500_000);
    expect(await env.DB.prepare('select count(*) as n from subscriptions').first('n')).toBe(401);
  });
});

const emptySearches = async () => env.DB.prepare('delete from searches').run();

/** D1 that notes how long each value of a statement is. */
function measuring(database: D1Database, sizes: number[]): D1Database {
  const statement = (prepared: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(prepared, {
      get: (target, property) =>
        property === 'bind'
          ? (...values: unknown[]) => {
              sizes.push(...values.map((value) => String(value).length));
              return target.bind(...values);
            }
          : bound(target, property),
    });
  return new Proxy(database, {
    get: (target, property) =>
      property === 'prepare'
        ? (text: string) => statement(target.prepare(text))
        : bound(target, property),
  });
}

function bound(target: object, property: string | symbol): unknown {
  const value: unknown = Reflect.get(target, property);
  return typeof value === 'function' ? value.bind(target) : value;
}

describe('who a customer belongs to', () => {
  const subscribe = async (customer: string, subject: string) =>
    world.subscribe(customer, { user_id: subject });
  const ended = async (customer: string, subject: string) => {
    const { id } = await subscribe(customer, subject);
    await world.api.subscriptions.cancel(id);
  };
  const bySync = async (id: string) => world.sync(id);
  const byFill = async () => fill();
  const ways: [string, (id: string) => Promise<void>][] = [
    ['a sync', bySync],
    ['the first fill', byFill],
  ];

  it.each(ways)('comes from subscriptions that have ended, in %s', async (_, read) => {
    const { id } = create('Churned');
    await ended(id, 'churned');
    await read(id);
    expect(await subjectOf(id)).toBe('churned');
    expect(await world.stores.customers.subscriptionsOf(id)).toEqual([]);
  });

  it.each(ways)('comes from a checkout’s metadata before its reference, in %s', async (_, read) => {
    const { id } = create('Guest');
    const metadata = { user_id: 'site' };
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'buyer', metadata });
    await read(id);
    expect(await subjectOf(id)).toBe('site');
  });

  it.each(ways)('is nobody where two subscriptions name two, in %s', async (_, read) => {
    const errors = listen('error');
    const { id } = create('Disputed');
    await subscribe(id, 'old');
    await subscribe(id, 'new');
    await read(id);
    expect(await world.row(id)).toMatchObject({ subject: null, conflict: 1 });
    expect(errors()).toContainEqual({ event: 'subject_conflict', customer: id });
    const { conflicts } = await operator().overview(false);
    expect(conflicts).toBe(1);
  });

  it.each([
    ['a subject, in a sync', 'settled', bySync],
    ['a subject, in the first fill', 'settled', byFill],
    ['nobody, in a sync', null, bySync],
  ])('is no conflict any more once an operator has named %s', async (_, subject, read) => {
    const { id } = create('Disputed');
    await subscribe(id, 'old');
    await subscribe(id, 'new');
    listen('error');
    await world.sync(id);
    await operator().map(id, subject, false);
    const errors = listen('error');
    const before = errors().length;
    await read(id);
    expect(errors().slice(before)).toEqual([]);
    expect(await world.row(id)).toMatchObject({ subject, conflict: 0 });
  });

  it.each(ways)('is nobody where two ended subscriptions name two, in %s', async (_, read) => {
    listen('error');
    const { id } = create('Disputed');
    for (const subject of ['first', 'second', 'first']) await ended(id, subject);
    await read(id);
    // What the fill disputes is left to a sync.
    await world.runCron();
    expect(await world.row(id)).toMatchObject({ subject: null, conflict: 1 });
  });

  it.each(ways)(
    'stays as it was when a second subscription names another, in %s',
    async (_, read) => {
      listen('error');
      const { id } = create('Mapped');
      await subscribe(id, 'present');
      await world.sync(id);
      await subscribe(id, 'other');
      await read(id);
      expect(await subjectOf(id)).toBe('present');
    },
  );

  it.each(ways)('comes from the current subscription before ended ones, in %s', async (_, read) => {
    const { id } = create('Handed over');
    await ended(id, 'seller');
    await subscribe(id, 'buyer');
    await read(id);
    await world.runCron();
    expect(await subjectOf(id)).toBe('buyer');
  });

  it('comes from the customer’s metadata before everything else, which ends a conflict', async () => {
    listen('error');
    const { id } = create('Settled');
    await subscribe(id, 'old');
    await subscribe(id, 'new');
    await world.sync(id);
    await world.api.customers.update(id, { metadata: { user_id: 'settled' } });
    await world.sync(id);
    expect(await world.row(id)).toMatchObject({ subject: 'settled', conflict: 0 });
  });
});
