import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  all,
  bundledResources,
  calledResources,
  hiddenUses,
  loadedByRedirect,
  starting,
} from 'virtual:bundle';
import { BUDGETS } from './budgets.ts';
import { watch } from './database.ts';
import { countRows } from './rows-read.ts';
import { createWorld, WEBHOOK_SECRET, type Person, type World } from './world.ts';

const OTHERS = 20_000;

/** Other people's customers, whose number must not matter. They sort last: SQLite looks one on. */
beforeAll(async () => {
  const numbers = `with recursive numbers (n) as (
    select 1 union all select n + 1 from numbers where n < ${OTHERS})`;
  await env.DB.batch([
    env.DB.prepare(
      `insert into customers (id, subject, livemode, created_at, sync_ticket, synced_ticket)
      ${numbers} select 'cus_~' || n, 'user_~' || n, 0, n, 1, 1 from numbers`,
    ),
    env.DB.prepare(
      `insert into subscriptions (id, customer_id, status, items, paused, created_at)
      ${numbers} select 'sub_~' || n, 'cus_~' || n, 'active', '[]', 0, n from numbers`,
    ),
  ]);
});

describe('the built Worker', () => {
  const { gzippedBytes, redirectGzippedBytes, parts, notInRedirect } = BUDGETS.bundle;

  it('fits its budget, gzipped, and so does what a redirect loads', () => {
    expect(all.gzippedBytes).toBeLessThanOrEqual(gzippedBytes);
    expect(starting.gzippedBytes).toBeLessThanOrEqual(redirectGzippedBytes);
  });

  it('has the parts that are known, each within its budget', () => {
    const budgets = new Map<string, { all: number; redirect: number }>(Object.entries(parts));
    expect(Object.keys(all.parts).toSorted()).toEqual([...budgets.keys()].toSorted());
    const over = (of: Record<string, number>, figure: 'all' | 'redirect') =>
      Object.entries(of).filter(
        ([part, bytes]) => bytes > (budgets.get(part)?.[figure] ?? 0) * 1024,
      );
    expect(over(all.parts, 'all')).toEqual([]);
    expect(over(starting.parts, 'redirect')).toEqual([]);
  });

  it('loads for a redirect what it starts with, and nothing more', () => {
    expect(starting.modules).toEqual(['index.js', 'redirect.js', 'rolldown-runtime.js']);
    expect(loadedByRedirect).toEqual(starting.modules);
  });

  it('keeps what only others need out of the redirect’s module', () => {
    const isOf = (name: string) => (file: string) =>
      file.replace('node_modules/', '').startsWith(name);
    expect(notInRedirect.filter((name) => !all.files.some(isOf(name)))).toEqual([]);
    expect(notInRedirect.flatMap((name) => starting.files.filter(isOf(name)))).toEqual([]);
  });

  it('uses nothing of Node.js but what its compatibility flags leave', () => {
    const ofNode = all.ofRuntime.filter((name) => name.startsWith('node:'));
    expect([...new Set(ofNode)]).toEqual(['node:async_hooks']);
    expect(all.globalsOfNode).toEqual([]);
  });

  it('has the resources of Stripe’s client that the Worker calls', () => {
    // Each call names the client and the resource, or this list would lack it.
    expect(hiddenUses).toEqual([]);
    expect(calledResources).toContain('billingPortal.sessions');
    expect(bundledResources).toEqual(expect.arrayContaining(calledResources));
  });
});

describe('with twenty thousand other customers in D1', () => {
  let world: World;
  let ada: Person;
  let cost: (work: () => Promise<unknown>) => Promise<object>;

  beforeEach(async () => {
    world = await createWorld();
    ada = await world.somebody();
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const { database, rowsRead } = countRows(env.DB);
    const { database: watched, queries } = watch(database);
    world.configure({ DB: watched });
    // The first visit loads the keys.
    await world.visit('/billing', { headers: ada.browser });

    cost = async (work) => {
      const figures = () => ({
        statements: queries.length,
        stripeCalls: world.stripe.requests.length,
        keyLoads: world.provider.requests,
        rowsRead: rowsRead(),
      });
      const before = figures();
      await work();
      const after = figures();
      return {
        statements: after.statements - before.statements,
        stripeCalls: after.stripeCalls - before.stripeCalls,
        keyLoads: after.keyLoads - before.keyLoads,
        rowsRead: after.rowsRead - before.rowsRead,
      };
    };
  });

  it('a redirect costs one statement and one call', async () => {
    const redirect = async () => world.visit('/billing/manage', { headers: ada.browser });
    expect(await cost(redirect)).toEqual(BUDGETS.redirect);
    expect(world.sessionsMade()).toBe(1);
  });

  it('a redirect for which nobody asks for a language parses no tag', async () => {
    // One that is no tag throws, which costs more than all the rest of the redirect's own code.
    const parse = vi.spyOn(Intl, 'Locale');
    const { status } = await world.visit('/billing/manage', { headers: ada.browser });
    expect(status).toBe(303);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });

  it('the page costs one statement', async () => {
    const page = async () => world.visit('/billing', { headers: ada.browser });
    expect(await cost(page)).toEqual(BUDGETS.page);
  });

  it('the page of somebody who owes, and the way to pay, cost two calls at once', async () => {
    const { state } = world.stripe;
    for (const { id } of state.subscriptionsOf(ada.customer)) state.leaveUnpaid(id);
    await world.sync(ada.customer);
    const page = async () => world.visit('/billing', { headers: ada.browser });
    expect(await cost(page)).toEqual(BUDGETS.owingPage);
    const pay = async () => world.visit('/billing/manage?flow=pay', { headers: ada.browser });
    expect(await cost(pay)).toEqual(BUDGETS.payment);
    expect(world.sessionsMade()).toBe(0);
  });

  it('a webhook costs a ticket, a read at Stripe and a write', async () => {
    await world.api.customers.update(ada.customer, { name: 'Ada' });
    const payload = JSON.stringify([...world.stripe.state.events.values()].at(-1));
    const signature = await world.api.webhooks.generateTestHeaderStringAsync({
      payload,
      secret: WEBHOOK_SECRET,
    });
    const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
    const webhook = async () =>
      world.visit('/api/stripe/webhook', { method: 'POST', body: payload, headers });
    expect(await cost(webhook)).toEqual(BUDGETS.webhook);
    expect(await world.row(ada.customer)).toMatchObject({ name: 'Ada' });
  });

  it('a run of the cron job with nothing to do costs a look', async () => {
    await world.runCron();
    expect(await cost(async () => world.runCron())).toEqual(BUDGETS.cron);
  });
});
