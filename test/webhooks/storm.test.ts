import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { skipPauses } from '../clock.ts';
import { emptyTables } from '../database.ts';
import { collectEvents } from '../deliver.ts';
import { createLimiter } from '../limiter.ts';
import { listen } from '../log.ts';
import { createWorld, LIVE_KEY, type World } from '../world.ts';

// Of wrangler.toml.
const AT_ONCE = 2;
// How long a webhook waits for a moment that is not full.
const PAUSES = [1_000, 2_000];
const realTimeout = globalThis.setTimeout;

let world: World;

beforeEach(async () => {
  await emptyTables(env.DB);
  vi.useFakeTimers({ toFake: ['Date'], now: Math.ceil(Date.now() / 1000) * 1000 });
  skipPauses(...PAUSES);
  const limits = {
    WEBHOOK_LIMIT: createLimiter('WEBHOOK_LIMIT'),
    SESSION_LIMIT: createLimiter('SESSION_LIMIT'),
  };
  world = await createWorld({ CRON_SUBREQUESTS: '1000', ...limits });
  await world.runCron();
});

const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

/** Customers who are in D1, with a name that is about to change. */
async function people(count: number): Promise<string[]> {
  const customers = Array.from({ length: count }, (_, number) => {
    const subject = `bulk ${number}`;
    const { id } = world.stripe.create('/v1/customers', { metadata: { user_id: subject } });
    return { id, subject, name: 'Old' };
  });
  await world.keepAll(customers);
  return customers.map(({ id }) => id);
}

/** Gives each a new name at Stripe, and hears of it in this very moment. */
async function rename(ids: string[], how?: 'thin'): Promise<void> {
  const events = collectEvents(world);
  for (const id of ids) await world.api.customers.update(id, { name: 'New' });
  expect(await events.deliverAll(how)).toEqual([200]);
}

/** A bulk change: each customer gets a new name, and Stripe sends all of it at once. */
async function storm(): Promise<string[]> {
  const ids = await people(AT_ONCE + 20);
  await rename(ids);
  return ids;
}

const nameOf = async (id: string) => (await world.row(id))?.['name'];
const reads = (id: string) =>
  world.callsTo(`/v1/customers/${id}`).filter(({ method }) => method === 'GET').length;

it('a storm of webhooks is answered with tickets above the limit, which the cron job honours', async () => {
  const lines = listen('info');
  const ids = await storm();
  const [synced, noted] = [ids[0]!, ids.at(-1)!];
  expect([await nameOf(synced), await nameOf(noted)]).toEqual(['New', 'Old']);
  expect(reads(noted)).toBe(0);
  expect(lines().at(-1)).toMatchObject({ outcome: 'event_noted', status: 200 });
  await world.runCron();
  expect(lines().at(-1)).toMatchObject({ event: 'reconciled', backlog: 0 });
  expect(await nameOf(noted)).toBe('New');
});

it('a storm of webhooks keeps nobody from their portal, who reads that the page may be old', async () => {
  await storm();
  const { browser } = await world.visitor(`bulk ${AT_ONCE + 19}`);
  const page = await (await world.visit('/billing', { headers: browser })).text();
  expect(page).toContain('This may be a few minutes old');
  expect((await world.visit('/billing/manage', { headers: browser })).status).toBe(303);
});

it('a delivery above the limit costs one statement, and no call', async () => {
  const ids = await storm();
  const calls = world.stripe.requests.length;
  world.queries.length = 0;
  const events = collectEvents(world);
  world.stripe.create('/v1/customers', {});
  await events.deliverAll();
  expect(world.stripe.requests).toHaveLength(calls);
  expect(world.queries).toHaveLength(1);
  expect(ids).toHaveLength(AT_ONCE + 20);
});

it('a notification above the limit that does not name the customer costs nothing, and is not lost', async () => {
  const [id = ''] = await storm();
  const { id: subscription } = await world.subscribe(id);
  const events = collectEvents(world);
  await world.api.subscriptions.update(subscription, { cancel_at_period_end: true });
  const calls = world.stripe.requests.length;
  world.queries.length = 0;
  expect(await events.deliverAll('thin')).toEqual([200]);
  expect(world.stripe.requests).toHaveLength(calls);
  expect(world.queries).toEqual([]);
  await world.runCron();
  expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([
    { id: subscription, cancelAt: expect.any(Number) },
  ]);
});

it.each([
  ['a second', 'of a sandbox', 1_000, undefined],
  ['a quarter of a second', 'in live mode', 250, LIVE_KEY],
])('the limit counts %s %s', async (_span, _mode, span, key) => {
  const livemode = key !== undefined;
  if (livemode) world.configure({ STRIPE_SECRET_KEY: key });
  const api = livemode ? world.liveApi : world.api;
  const events = collectEvents(world);
  const isSynced = async () => {
    const { id } = await api.customers.create({ name: 'New' });
    await events.deliverAll();
    return (await nameOf(id)) === 'New';
  };
  for (let count = 0; count < AT_ONCE; count += 1) expect(await isSynced()).toBe(true);
  expect(await isSynced()).toBe(false);
  pass(span - 1);
  expect(await isSynced()).toBe(false);
  pass(1);
  expect(await isSynced()).toBe(true);
});

it('the few events of a purchase are synced a moment later, without the cron job', async () => {
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, wait = 0) => {
    if (PAUSES.includes(wait)) pass(wait);
    return realTimeout(run, wait);
  });
  const ids = await people(AT_ONCE + 1);
  await rename(ids);
  expect(await Promise.all(ids.map(nameOf))).toEqual(ids.map(() => 'New'));
});

describe('a webhook that Stripe’s rate limit refuses', () => {
  it('is answered with its ticket after one call, and the cron job honours it', async () => {
    const [id = ''] = await people(1);
    world.stripe.faults.order({
      path: `/v1/customers/${id}`,
      method: 'GET',
      status: 429,
      times: 9,
    });
    const lines = listen('info');
    await rename([id]);
    expect(lines().at(-1)).toMatchObject({ outcome: 'event_noted', status: 200 });
    expect(reads(id)).toBe(1);
    expect(await nameOf(id)).toBe('Old');
    world.stripe.faults.clear();
    await world.runCron();
    expect(await nameOf(id)).toBe('New');
  });

  it('is not lost if it only named a subscription', async () => {
    const [id = ''] = await people(1);
    const events = collectEvents(world);
    const { id: subscription } = await world.subscribe(id);
    world.stripe.faults.order({ path: /^\/v1\/subscriptions\//, status: 429, times: 9 });
    expect(await events.deliverAll('thin')).toEqual([200]);
    world.stripe.faults.clear();
    await world.runCron();
    expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([{ id: subscription }]);
  });
});
