import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import packageFile from '../package.json?raw';
import { VERSION } from '../src/version.ts';
import { brokenDatabase, emptyTables } from './database.ts';
import { listen } from './log.ts';
import { createWorld, LIVE_KEY, TEST_KEY, type World } from './world.ts';

const MINUTE = 60_000;

let world: World;
beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld();
  listen('info');
});

const ask = async (method = 'GET') => world.visit('/healthz', { method });
const health = async () => (await ask()).json<Record<string, unknown>>();

it('has the version of package.json', () => {
  expect(JSON.parse(packageFile)).toMatchObject({ version: VERSION });
});

describe('GET /healthz', () => {
  it('says that all is well, and nothing of anybody', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T22:00:00Z') });
    await world.somebody();
    await world.runCron();
    vi.setSystemTime(Date.now() + 4 * MINUTE);
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      status: 'ok',
      version: VERSION,
      mode: 'test',
      last_run: '2026-11-27T22:00:00.000Z',
      first_fill: 'complete',
      first_fill_lists: { customers: 'complete', subscriptions: 'complete', checkouts: 'complete' },
      backlog: { customers: 0, failing: 0, seconds: 0, as_of: '2026-11-27T22:00:00.000Z' },
      rate_limits: 'off',
    });
  });

  it('is late, and no outage, when no run has ended for more than 15 minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await health()).toMatchObject({ status: 'late', last_run: null });
    await world.runCron();
    vi.setSystemTime(Date.now() + 15 * MINUTE);
    expect(await health()).toMatchObject({ status: 'ok' });
    vi.setSystemTime(Date.now() + MINUTE);
    const late = await ask();
    expect(late.status).toBe(200);
    expect(await late.json()).toMatchObject({ status: 'late' });
    await world.runCron();
    vi.setSystemTime(Date.now() + MINUTE);
    expect(await health()).toMatchObject({ status: 'ok' });
  });

  it('does not take a run for one that has ended when Stripe failed it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await world.runCron();
    vi.setSystemTime(Date.now() + 16 * MINUTE);
    world.stripe.faults.order({ path: '/v1/events', times: 10, status: 500 });
    listen('error');
    await expect(world.runCron()).rejects.toThrow('');
    expect(await health()).toMatchObject({ status: 'late' });
  });

  it('says which lists the first fill has walked', async () => {
    await env.DB.prepare('delete from cursors').run();
    expect(await health()).toMatchObject({
      first_fill: 'not_begun',
      first_fill_lists: { customers: 'not_begun', checkouts: 'not_begun' },
    });
    await world.stores.cursors.move(
      [
        ['customers', 'done'],
        ['subscriptions', '{"after":"sub_1"}'],
        ['checkouts', ''],
      ],
      false,
    );
    world.configure({});
    expect(await health()).toMatchObject({
      first_fill: 'running',
      first_fill_lists: {
        customers: 'complete',
        subscriptions: 'running',
        checkouts: 'not_begun',
      },
    });
  });

  it('names the mode of the key, whose runs and customers it speaks of', async () => {
    await world.runCron();
    world.configure({ STRIPE_SECRET_KEY: LIVE_KEY });
    expect(await health()).toMatchObject({ mode: 'live', status: 'late', last_run: null });
    world.configure({ STRIPE_SECRET_KEY: TEST_KEY });
    expect(await health()).toMatchObject({ mode: 'test', status: 'ok' });
  });

  it('answers HEAD alike, which monitors send', async () => {
    const { status, headers } = await ask('HEAD');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    world.configure({ DB: brokenDatabase('D1_ERROR: overloaded') });
    expect((await ask('HEAD')).status).toBe(503);
  });

  it('asks the primary: an old replica makes nobody late', async () => {
    await world.runCron();
    world.lag();
    world.sessions.length = 0;
    expect(await health()).toMatchObject({ status: 'ok' });
    expect(world.sessions).toEqual([]);
  });
});

describe('while D1 does not answer', () => {
  it.each(['no such table: customers: SQLITE_ERROR', 'D1 DB is overloaded.'])(
    'is 503 with the version: %s',
    async (reason) => {
      world.configure({ DB: brokenDatabase(`D1_ERROR: ${reason}`) });
      const response = await ask();
      expect(response.status).toBe(503);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({
        status: 'unavailable',
        version: VERSION,
        problems: [{ key: 'DB', remedy: expect.any(String) }],
      });
    },
  );

  it('notices within a second that it is back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    world.failQuery('D1_ERROR: D1 DB is overloaded.');
    expect((await ask()).status).toBe(503);
    vi.setSystemTime(Date.now() + 1_000);
    expect((await ask()).status).toBe(200);
  });
});

describe('asked by everybody at once', () => {
  it('reads D1 once in ten seconds, and one row for each cursor', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    world.queries.length = 0;
    await ask();
    for (let second = 0; second < 10; second += 1) {
      await Promise.all(Array.from({ length: 20 }, async () => ask()));
      vi.setSystemTime(Date.now() + 1_000);
    }
    expect(world.queries).toEqual(['select name, value from cursors']);
    // The first of these asks D1; the others need not wait for it.
    await Promise.all(Array.from({ length: 20 }, async () => ask()));
    expect(world.queries).toHaveLength(2);
  });

  it('asks a D1 that fails once in a second', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    world.failQuery('D1_ERROR: D1 DB is overloaded.');
    const statuses = [];
    for (let request = 0; request < 20; request += 1) statuses.push((await ask()).status);
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(world.queries).toEqual([]);
  });

  it('knows when the cron job becomes late, without asking again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await world.runCron();
    vi.setSystemTime(Date.now() + 15 * MINUTE - 1_000);
    expect(await health()).toMatchObject({ status: 'ok' });
    vi.setSystemTime(Date.now() + 2_000);
    expect(await health()).toMatchObject({ status: 'late' });
  });
});
