import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { skipTries } from '../clock.ts';
import { emptyTables } from '../database.ts';
import { collectEvents } from '../deliver.ts';
import { listen } from '../log.ts';
import { createWorld, LIVE_KEY, TEST_KEY, type World } from '../world.ts';

const MINUTE = 60_000;

let world: World;
let events: ReturnType<typeof collectEvents>;
let lines: ReturnType<typeof listen>;

beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld({ CRON_SUBREQUESTS: '1000' });
  create('from the start');
  await world.runCron();
  events = collectEvents(world);
  lines = listen('info');
});

const create = (subject: string) =>
  world.stripe.create('/v1/customers', { metadata: { user_id: subject } });
const known = async (subject: string) =>
  (await world.stores.customers.findBySubjects([subject], false, 'primary')).length;
const lastRun = () => lines().findLast(({ event }) => event === 'reconciled');
const health = async () => {
  // As after a deploy: what the page has read before is forgotten.
  world.configure({});
  return (await world.visit('/healthz')).json<Record<string, unknown>>();
};

/** So many changes, and the webhook of each. */
async function arrive(count: number, how?: 'thin'): Promise<void> {
  for (let number = 0; number < count; number += 1) create(`arrived ${number}`);
  expect(await events.deliverAll(how)).toEqual([200]);
}

describe('with more changes than the cron job could sync', () => {
  beforeEach(() => world.configure({ CRON_SUBREQUESTS: '50' }));

  it.each([undefined, 'thin'] as const)(
    'repeats nothing that webhooks did (%s), and has no backlog',
    async (how) => {
      await arrive(60, how);
      const calls = world.callsTo('/v1/customers').length;
      for (let run = 0; run < 2; run += 1) {
        await world.runCron();
        expect(lastRun()).toMatchObject({ events: 60, synced: 0, backlog: 0, backlog_seconds: 0 });
      }
      expect(world.callsTo('/v1/customers')).toHaveLength(calls);
    },
  );

  it('repairs the one webhook that was lost by the next run', async () => {
    await arrive(60);
    create('lost');
    events.lose();
    await arrive(60);
    await world.runCron();
    expect(lastRun()).toMatchObject({ synced: 1, backlog: 0 });
    expect(await known('lost')).toBe(1);
  });

  it('repairs a second change of one customer, although the first was delivered', async () => {
    const { id } = create('twice');
    await events.deliverAll();
    await world.api.customers.update(id, { name: 'Newer' });
    events.lose();
    await world.runCron();
    expect(await world.row(id)).toMatchObject({ name: 'Newer' });
  });

  it('takes the longest wait first, and says how many wait and for how long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    create('first');
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    for (let number = 0; number < 60; number += 1) create(`later ${number}`);
    events.lose();
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    await world.runCron();
    expect(await known('first')).toBe(1);
    const { synced } = lastRun() as { synced: number };
    const waiting = 61 - synced;
    expect(waiting).toBeGreaterThan(0);
    expect(lastRun()).toMatchObject({ backlog: waiting, backlog_seconds: 120 });
    expect(await health()).toMatchObject({ backlog: { customers: waiting, seconds: 120 } });
    for (let run = 0; run < 10; run += 1) await world.runCron();
    expect(await health()).toMatchObject({ backlog: { customers: 0, failing: 0, seconds: 0 } });
  });

  it('counts what it has not read yet in the age of the backlog', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { id } = create('busy');
    for (let number = 0; number < 1_500; number += 1) {
      world.stripe.state.completeCheckout({ customer: id });
    }
    vi.setSystemTime(Date.now() + 10 * MINUTE);
    await world.runCron();
    expect(lastRun()).toMatchObject({ backlog: 0, backlog_seconds: 600 });
    for (let run = 0; run < 4; run += 1) await world.runCron();
    expect(lastRun()).toMatchObject({ backlog: 0, backlog_seconds: 0 });
  });
});

describe('a run of the cron job', () => {
  it.each([
    [50, 50, 30],
    [1_000, 1_000, 870],
    // What a run can call in the time until the next one, at a sandbox's pace.
    [10_000, 1_080, 940],
  ])(
    'of %i subrequests makes up to %i and syncs at least %i customers that wait',
    async (subrequests, most, least) => {
      for (let number = 0; number < most; number += 1) create(`waiting ${number}`);
      events.lose();
      // The events are read, and read again while they may be followed by late ones.
      const later = new Date(Date.now() + 10 * MINUTE);
      for (const now of [new Date(), later]) await world.runCron(now);
      await env.DB.prepare('update customers set sync_ticket = sync_ticket + 1, due_at = 1').run();
      world.configure({ CRON_SUBREQUESTS: String(subrequests) });
      const before = world.stripe.requests.length;
      world.queries.length = 0;
      await world.runCron(later);
      const spent = world.stripe.requests.length - before + world.queries.length;
      expect(spent).toBeLessThanOrEqual(most);
      expect((lastRun() as { synced: number }).synced).toBeGreaterThanOrEqual(least);
    },
  );

  it.each([
    ['a sandbox', TEST_KEY, 4],
    ['live mode', LIVE_KEY, 16],
  ])('of %s leaves visitors their part of Stripe’s rate limit', async (_mode, key, perSecond) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const livemode = key === LIVE_KEY;
    world.configure({ STRIPE_SECRET_KEY: key });
    const api = livemode ? world.liveApi : world.api;
    const customers = [];
    for (let number = 0; number < 40; number += 1) customers.push(await api.customers.create());
    const ids = customers.map(({ id }) => id);
    await world.stores.syncs.takeTickets(ids, livemode, new Date());
    const calls: number[] = [];
    world.answerAt('api.stripe.com', async (request) => {
      calls.push(Date.now());
      return world.stripe.fetch(request);
    });
    // Time passes to the end of the next pause, whenever nothing else is going on.
    const pauses: { end: number; resolve: () => void }[] = [];
    const wait = async (milliseconds: number) =>
      new Promise<void>((resolve) => pauses.push({ end: Date.now() + milliseconds, resolve }));
    const running = new Set(['the run']);
    const run = world.runCron(new Date(), wait).finally(() => running.clear());
    while (running.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      pauses.sort((one, other) => one.end - other.end);
      const next = pauses.shift();
      if (next) vi.setSystemTime(Math.max(Date.now(), next.end));
      next?.resolve();
    }
    await run;
    expect(calls.length).toBeGreaterThan(40);
    const inTheSecondAfter = (at: number) =>
      calls.filter((time) => time >= at && time < at + 1_000).length;
    expect(Math.max(...calls.map(inTheSecondAfter))).toBeLessThanOrEqual(perSecond + 1);
  });

  it('finds an event that comes into Stripe’s list minutes after its time', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    create('late');
    const late = [...world.stripe.state.events.keys()].at(-1)!;
    world.stripe.state.lateEvents.set(late, Date.now() + 4 * MINUTE);
    vi.setSystemTime(Date.now() + MINUTE);
    create('in time');
    vi.setSystemTime(Date.now() + 2 * MINUTE);
    await world.runCron();
    expect([await known('late'), await known('in time')]).toEqual([0, 1]);
    vi.setSystemTime(Date.now() + 5 * MINUTE);
    await world.runCron();
    expect(await known('late')).toBe(1);
    expect(lastRun()).toMatchObject({ synced: 1 });
  });

  it('stops in an outage, and goes on with the same customers', async () => {
    skipTries();
    for (let number = 0; number < 30; number += 1) create(`outage ${number}`);
    events.lose();
    world.stripe.faults.order({ path: /^\/v1\/customers\/cus_/, times: 1_000, status: 429 });
    const errors = listen('error');
    const before = world.stripe.requests.length;
    await world.runCron();
    expect(world.stripe.requests.length - before).toBeLessThan(30);
    expect(errors().at(-1)).toMatchObject({ event: 'sync_failed', code: 'stripe_rate_limited' });
    world.stripe.faults.clear();
    await world.runCron();
    expect(lastRun()).toMatchObject({ synced: 30, backlog: 0 });
  });
});
