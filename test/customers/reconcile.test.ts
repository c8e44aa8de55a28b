import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { emptyTables } from '../database.ts';
import { listen } from '../log.ts';
import { createWorld, type World } from '../world.ts';

const DAY = 86_400_000;

let world: World;

// The cron job works on all that D1 holds, so each test begins with an empty one.
beforeEach(async () => {
  await emptyTables(env.DB);
  world = await createWorld({ CRON_SUBREQUESTS: '1000' });
});

const known = async (subject: string) =>
  (await world.stores.customers.findBySubjects([subject], false, 'primary')).length;

const create = (subject: string) =>
  world.stripe.create('/v1/customers', {
    email: `${subject}@example.com`,
    metadata: { user_id: subject },
  });

const cursorOf = async (name: string) => (await world.stores.cursors.read(false)).get(name);

/** How many requests to Stripe and statements to D1 a run made. */
async function costOfRun(now?: Date): Promise<number> {
  const calls = world.stripe.requests.length;
  world.queries.length = 0;
  await world.runCron(now);
  return world.stripe.requests.length - calls + world.queries.length;
}

describe('what webhooks missed', () => {
  beforeEach(async () => {
    create('from the start');
    await world.runCron();
  });

  it('is read back over three pages of events', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `missed ${index}`);
    for (const name of names) {
      const { id } = create(name);
      for (let count = 0; count < 8; count += 1) {
        await world.api.customers.update(id, { name: `${name}, ${count}` });
      }
    }
    const pages = world.callsTo('/v1/events').length;
    await world.runCron();
    expect(world.callsTo('/v1/events').length - pages).toBe(3);
    for (const name of names) expect(await known(name)).toBe(1);
  });

  it('is read back exactly once, also of one second', async () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(Math.floor(Date.now() / 1000) * 1000);
    const first = create('same second 1');
    await world.runCron();
    const second = create('same second 2');
    await world.runCron();
    now.mockRestore();
    expect([await known('same second 1'), await known('same second 2')]).toEqual([1, 1]);
    expect(world.callsTo(`/v1/customers/${first.id}`)).toHaveLength(1);
    expect(world.callsTo(`/v1/customers/${second.id}`)).toHaveLength(1);
  });

  it('is gone on with after an interruption in the middle of a page', async () => {
    for (const name of ['a', 'b', 'c']) create(name);
    world.configure({ CRON_SUBREQUESTS: '30' });
    world.stripe.faults.order({ path: /^\/v1\/customers\/cus_/, after: 1, times: 2, cut: true });
    await world.runCron();
    expect((await known('a')) + (await known('b')) + (await known('c'))).toBeLessThan(3);
    await world.runCron();
    await world.runCron();
    for (const name of ['a', 'b', 'c']) expect(await known(name)).toBe(1);
  });

  it('is not passed when D1 fails to note it', async () => {
    create('noted late');
    world.failQuery('D1_ERROR: D1 DB is overloaded.', 3);
    await expect(world.runCron()).rejects.toThrow('overloaded');
    await world.runCron();
    expect(await known('noted late')).toBe(1);
  });

  it('is read by two runs at once without harm', async () => {
    for (const name of ['two runs 1', 'two runs 2', 'two runs 3']) create(name);
    await Promise.all([world.runCron(), world.runCron()]);
    for (const name of ['two runs 1', 'two runs 2', 'two runs 3'])
      expect(await known(name)).toBe(1);
  });

  it('includes what was deleted and cancelled', async () => {
    const gone = create('gone');
    await world.runCron();
    await world.api.customers.del(gone.id);
    await world.runCron();
    expect(await known('gone')).toBe(0);
  });
});

describe('a customer that keeps failing', () => {
  it('holds up nobody, is reported, and is tried again', async () => {
    await world.runCron();
    const bad = create('bad');
    for (const name of ['good 1', 'good 2', 'good 3']) create(name);
    world.stripe.faults.order({ path: `/v1/customers/${bad.id}`, times: 3, status: 500 });
    const errors = listen('error');
    await world.runCron();
    for (const name of ['good 1', 'good 2', 'good 3']) expect(await known(name)).toBe(1);
    expect(await known('bad')).toBe(0);
    expect(errors()).toMatchObject([
      { event: 'sync_failed', customer: bad.id, code: 'stripe_unavailable' },
    ]);
    await world.runCron();
    await world.runCron();
    expect(await known('bad')).toBe(0);
    await world.runCron();
    expect(await known('bad')).toBe(1);
  });

  it('comes after those that have not failed, where the budget is small', async () => {
    await world.runCron();
    const names = Array.from({ length: 40 }, (_, index) => `bad ${index}`);
    const bad = names.map(create);
    for (const { id } of bad) {
      world.stripe.faults.order({ path: `/v1/customers/${id}`, times: 100, status: 500 });
    }
    listen('error');
    await world.runCron();
    create('good');
    world.configure({ CRON_SUBREQUESTS: '30' });
    await world.runCron();
    expect(await known('good')).toBe(1);
  });
});

describe('the cursor of events', () => {
  it('that is out of reach starts a walk over all customers, and says so', async () => {
    await world.runCron();
    create('long ago');
    const errors = listen('error');
    await world.runCron(new Date(Date.now() + 31 * DAY));
    expect(await known('long ago')).toBe(1);
    expect(errors()).toEqual([{ event: 'events_out_of_reach' }]);
  });

  it('may name an event that Stripe has forgotten, while nothing happened', async () => {
    create('early');
    await world.runCron();
    world.stripe.state.events.clear();
    create('after a quiet month');
    const errors = listen('error');
    await world.runCron();
    expect(await known('after a quiet month')).toBe(1);
    expect(errors()).toEqual([]);
  });

  it.each([
    [404, 'resource_missing', 'id', "No such notification: 'evt_1'"],
    [400, 'resource_missing', 'ending_before', "No such event: 'evt_1'"],
    [400, undefined, 'ending_before', 'It is aged out of our retention policy.'],
  ])('is given up when Stripe answers %i, %s, %s: %s', async (status, code, param, message) => {
    create('early');
    await world.runCron();
    create('after a quiet month');
    const body = { error: { type: 'invalid_request_error', code, param, message } };
    world.stripe.faults.order({ path: '/v1/events', status, body });
    await world.runCron();
    expect(await known('after a quiet month')).toBe(1);
  });

  it('begins on an account where nothing has happened yet', async () => {
    await world.runCron();
    create('the first ever');
    await world.runCron();
    expect(await known('the first ever')).toBe(1);
  });
});

describe('the first fill', () => {
  // Which statement of the first run fails: the look for the cursor, the cursors of all walks.
  it.each([2, 3, 4, 5])(
    'is not lost when D1 fails at statement %i of the first run',
    async (at) => {
      create('from the start');
      world.failQuery('D1_ERROR: D1 DB is overloaded.', at);
      await world.runCron().catch(() => {});
      await world.runCron();
      expect(await known('from the start')).toBe(1);
    },
  );

  it('maps a whole account, interrupted twice, each run within 50 subrequests', async () => {
    const size = inject('soak') ? 5_000 : 2_000;
    const lines = listen('info');
    listen('error');
    world.configure({ CRON_SUBREQUESTS: '50' });
    await world.fillAccount(size);
    let runs = 0;
    for (let filled = false; !filled; runs += 1) {
      if (runs > 100) throw new Error('The fill does not come to an end.');
      if (runs === 2) {
        world.stripe.faults.order({ path: '/v1/customers', after: 3, status: 500, times: 1 });
        await expect(world.runCron()).rejects.toThrow('StripeAPIError');
      } else if (runs === 4) {
        world.stripe.faults.order({ path: '/v1/products', after: 2, cut: true });
        await expect(world.runCron()).rejects.toThrow('StripeConnectionError');
      } else expect(await costOfRun()).toBeLessThanOrEqual(50);
      filled = lines().at(-1)?.['fill'] === 'complete';
    }
    expect(runs).toBeGreaterThan(5);
    const mapped = await env.DB.prepare(
      'select count(*) as customers, count(distinct subject) as subjects from customers where subject is not null',
    ).first();
    expect(mapped).toEqual({ customers: size, subjects: size });
    const unsynced = await world.stores.syncs.unsynced(false, new Date(), 1);
    expect(unsynced).toEqual([]);
    expect(await env.DB.prepare('select count(*) as n from subscriptions').first('n')).toBe(
      size / 5,
    );
    const health = await world.visit('/healthz');
    expect(await health.json()).toMatchObject({ status: 'ok', first_fill: 'complete' });
  }, 60_000);

  it('leaves to a sync what a list does not tell: many subscriptions, checkouts', async () => {
    const { id } = await world.api.customers.create({ name: 'Only a checkout' });
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'checked out' });
    const busy = create('busy');
    for (let count = 0; count < 12; count += 1) await world.subscribe(busy.id);
    await world.runCron();
    await world.runCron();
    expect(await known('checked out')).toBe(1);
    expect(await world.stores.customers.subscriptionsOf(busy.id)).toHaveLength(12);
  });

  it('maps by checkouts without taking anybody’s customer, over several pages', async () => {
    const mapped = create('by metadata');
    world.stripe.state.completeCheckout({ customer: mapped.id, client_reference_id: 'thief' });
    const guests = [];
    for (let count = 0; count < 130; count += 1) {
      const { id } = world.stripe.create('/v1/customers', { name: `Guest ${count}` });
      world.stripe.state.completeCheckout({ customer: id, client_reference_id: `guest ${count}` });
      guests.push(id);
    }
    world.configure({ CRON_SUBREQUESTS: '50' });
    for (let run = 0; run < 3; run += 1) await world.runCron();
    expect([await known('by metadata'), await known('thief')]).toEqual([1, 0]);
    for (const count of [0, 50, 129]) expect(await known(`guest ${count}`)).toBe(1);
    // No customer is left to delay those that a missed event names.
    expect(await world.stores.syncs.unsynced(false, new Date(), 1)).toEqual([]);
  });

  it('goes on where it was when the customer that it had come to was deleted', async () => {
    for (let count = 0; count < 350; count += 1) create(`fill ${count}`);
    world.configure({ CRON_SUBREQUESTS: '30' });
    await world.runCron();
    const { after } = JSON.parse((await cursorOf('customers'))!) as { after: string };
    await world.api.customers.del(after);
    for (let run = 0; run < 10; run += 1) await world.runCron();
    expect(await cursorOf('customers')).toBe('done');
    expect(await known('fill 0')).toBe(1);
  });

  it('does not undo what a webhook wrote meanwhile', async () => {
    const { id } = create('meanwhile');
    const [read, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    // The page of the walk is older than what is written while it is on its way.
    world.answerAt('api.stripe.com', async (request) => {
      const answer = await world.stripe.fetch(request);
      const { pathname, search } = new URL(request.url);
      if (pathname === '/v1/customers' && search.includes('expand')) {
        read.resolve();
        await written.promise;
      }
      return answer;
    });
    const run = world.runCron();
    await read.promise;
    await world.api.customers.update(id, { name: 'Newer' });
    await world.sync(id);
    written.resolve();
    await run;
    expect(await world.row(id)).toMatchObject({ name: 'Newer' });
  });
});
