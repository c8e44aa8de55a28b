import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from '../database.ts';
import { deliver as deliverTo } from '../deliver.ts';
import { createWorld, type World } from '../world.ts';

let world: World;

// The cron job works on all that D1 holds, so each test begins with an empty one.
beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld();
});

const deliver = async (payload: string) => deliverTo(world, payload);
const latest = () => JSON.stringify([...world.stripe.state.events.values()].at(-1));
const known = async (subject: string) =>
  (await world.stores.customers.findBySubjects([subject], false, 'primary')).map(({ id }) => id);
const statuses = async (customer: string) =>
  (await world.stores.customers.subscriptionsOf(customer)).map(({ status }) => status);

const STEPS = ['created', 'updated', 'deleted'] as const;
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
const orders = ORDERS.map((order) => [order.map((step) => STEPS[step]).join(', '), order] as const);

/** The events of a customer from beginning to end, as Stripe wrote them. */
async function customerEvents(subject: string): Promise<{ id: string; payloads: string[] }> {
  const { id } = await world.api.customers.create({ name: 'A', metadata: { user_id: subject } });
  const payloads = [latest()];
  await world.api.customers.update(id, { name: 'B' });
  payloads.push(latest());
  await world.api.customers.del(id);
  return { id, payloads: [...payloads, latest()] };
}

/** The same of a subscription, whose customer stays. */
async function subscriptionEvents(): Promise<{ id: string; payloads: string[] }> {
  const { id } = await world.api.customers.create({ metadata: { user_id: 'subscribed' } });
  const subscription = await world.subscribe(id);
  const payloads = [latest()];
  await world.api.subscriptions.update(subscription.id, { metadata: { seat: '2' } });
  payloads.push(latest());
  await world.api.subscriptions.cancel(subscription.id);
  return { id, payloads: [...payloads, latest()] };
}

describe.each(orders)('events delivered in the order %s', (_, order) => {
  it('end in a deleted customer, one after the other and all at once', async () => {
    const { id, payloads } = await customerEvents('ordered');
    for (const step of order) {
      expect(await deliver(payloads[step]!)).toBe(200);
      expect(await known('ordered')).toEqual([]);
    }
    const all = await Promise.all(order.map(async (step) => deliver(payloads[step]!)));
    expect(all).toEqual([200, 200, 200]);
    expect(await world.row(id)).toMatchObject({ name: null, email: null });
    expect((await world.row(id))!['deleted_at']).not.toBeNull();
  });

  it('end without the subscription, one after the other and all at once', async () => {
    const { id, payloads } = await subscriptionEvents();
    for (const step of order) {
      expect(await deliver(payloads[step]!)).toBe(200);
      expect(await statuses(id)).toEqual([]);
    }
    await Promise.all(order.map(async (step) => deliver(payloads[step]!)));
    expect(await statuses(id)).toEqual([]);
    expect(await known('subscribed')).toEqual([id]);
  });

  // Each delivery reads the state as it then is; Stripe's answers arrive in this order.
  it('end in the newest state, when it is the answers of Stripe that come so', async () => {
    const { answers, holdNext } = holdAnswers();
    const deliveries: Promise<number>[] = [];
    const begin = async () => {
      const held = holdNext();
      deliveries.push(deliver(latest()));
      await held;
    };
    const { id } = await world.api.customers.create({ metadata: { user_id: 'slow' } });
    await begin();
    await world.api.customers.update(id, { name: 'B', metadata: { user_id: 'other' } });
    await begin();
    await world.api.customers.del(id);
    await begin();
    for (const step of order) {
      answers[step]!();
      expect(await deliveries[step]).toBe(200);
    }
    expect([await known('slow'), await known('other')]).toEqual([[], []]);
    expect((await world.row(id))!['deleted_at']).not.toBeNull();
  });
});

/** Lets Stripe read a customer at once, and answer when the test says so. */
function holdAnswers() {
  const answers: (() => void)[] = [];
  let asked = () => {};
  world.answerAt('api.stripe.com', async (request) => {
    const response = await world.stripe.fetch(request);
    const { method, url } = request;
    if (method !== 'GET' || !new URL(url).pathname.startsWith('/v1/customers/')) return response;
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.push(resolve);
    asked();
    await promise;
    return response;
  });
  /** Resolves when a read has been made whose answer is held back. */
  const holdNext = async () =>
    new Promise<void>((resolve) => {
      asked = resolve;
    });
  return { answers, holdNext };
}

it('takes twenty copies of one delivery at once, and is left with one customer', async () => {
  const { id } = await world.api.customers.create({ metadata: { user_id: 'copied' } });
  await world.subscribe(id);
  const payload = latest();
  const copies = await Promise.all(Array.from({ length: 20 }, async () => deliver(payload)));
  expect(copies).toEqual(Array.from({ length: 20 }, () => 200));
  expect(await known('copied')).toEqual([id]);
  expect(await statuses(id)).toEqual(['active']);
  expect(await world.row(id)).toMatchObject({ sync_ticket: 20, synced_ticket: 20 });
  expect(await rowsOf('customers')).toBe(1);
  expect(await rowsOf('subscriptions')).toBe(1);
});

const rowsOf = async (table: string) =>
  env.DB.prepare(`select count(*) as rows from ${table}`).first('rows');

describe('an isolate that dies between the ticket and the write', () => {
  let id: string;
  let payload: string;

  // Its request to Stripe is never answered, so nothing after it ever runs.
  beforeEach(async () => {
    ({ id } = await world.api.customers.create({ metadata: { user_id: 'orphan' } }));
    payload = latest();
    const asked = new Promise<void>((resolve) => {
      world.answerAt('api.stripe.com', async () => {
        resolve();
        return new Promise<Response>(() => {});
      });
    });
    void deliver(payload);
    await asked;
    expect(await world.row(id)).toMatchObject({ sync_ticket: 1, synced_ticket: 0 });
    expect(await known('orphan')).toEqual([]);
    world.answerAt('api.stripe.com', world.stripe.fetch);
  });

  it('leaves a ticket behind that the next delivery does not wait for', async () => {
    expect(await deliver(payload)).toBe(200);
    expect(await known('orphan')).toEqual([id]);
    expect(await world.row(id)).toMatchObject({ sync_ticket: 2, synced_ticket: 2 });
  });

  it('leaves a ticket behind that the cron job honours, without another delivery', async () => {
    expect(await world.stores.syncs.unsynced(false, new Date(), 10)).toMatchObject([{ id }]);
    world.configure({ CRON_SUBREQUESTS: '1000' });
    await world.runCron();
    expect(await known('orphan')).toEqual([id]);
    const row = (await world.row(id))!;
    expect(row['synced_ticket']).toBe(row['sync_ticket']);
  });

  it('writes nothing old, if it was only slow', async () => {
    const { answers, holdNext } = holdAnswers();
    const held = holdNext();
    const slow = deliver(payload);
    await held;
    await world.api.customers.update(id, { name: 'Newer' });
    const heldAgain = holdNext();
    const newer = deliver(latest());
    await heldAgain;
    answers[1]!();
    expect(await newer).toBe(200);
    answers[0]!();
    expect(await slow).toBe(200);
    expect(await world.row(id)).toMatchObject({ name: 'Newer' });
  });
});
