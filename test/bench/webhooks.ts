import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { delivery } from './delivery.ts';
import { browse, inTurn, load, type Plan } from './load.ts';
import { interleave, number, ratio, summarise } from './measure.ts';
import type { Group, Row } from './report.ts';
import { createCustomers, startSite, startStandIn, tokenFor, type Site } from './site.ts';

const ROUNDS = 3;
const WARM_UP = 1;
const CONNECTIONS = 16;
const CALM_SECONDS = 20;
const burstSize = () => number(1_000, 100);
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const customerCount = () => number(1_000, 200);
const roundMilliseconds = () => number(1_500, 300);

/** Events through signature, sync and write, beside redirects on the same machine. */
export async function webhooks(): Promise<Group> {
  const standIn = await startStandIn();
  const site = await startSite('worker', standIn);
  const customers = await createCustomers(standIn.stripe, [site], customerCount());
  const events = await Promise.all(customers.map(async ({ id }) => delivery(id)));
  const visits = await Promise.all(
    customers.map(async ({ subject }) => browse('/billing/manage', await tokenFor(subject))),
  );
  const sustain = async (nextCall: Plan['nextCall'], status: number) => {
    const plan = { connections: CONNECTIONS, milliseconds: roundMilliseconds(), status, nextCall };
    return (await load(site.origin, plan)).throughput;
  };
  const nextVisit = inTurn(visits);
  const nextEvent = inTurn(events);
  const rates = await interleave(
    {
      redirects: async () => sustain(nextVisit, 303),
      events: async () => sustain(nextEvent, 200),
      burst: async () => burst(site, customers[0]!.id),
    },
    ROUNDS,
    WARM_UP,
  );
  await assertSynced(site, customers[0]!.id);
  standIn.stop();
  await site.stop();
  const row = (what: string, values: number[]): Row => ({
    what,
    value: summarise(values),
    unit: 'per second',
    ratio: ratio(values, rates.redirects),
    to: 'redirects',
  });
  return {
    name: `Webhooks (under workerd, ${CONNECTIONS} connections; above WEBHOOK_LIMIT only tickets)`,
    rows: [
      { what: 'redirects', value: summarise(rates.redirects), unit: 'per second' },
      row(`events of ${customerCount().toLocaleString('en')} customers`, rates.events),
      row(`burst of ${burstSize().toLocaleString('en')} events on one customer`, rates.burst),
    ],
  };
}

async function burst({ origin }: Site, customer: string): Promise<number> {
  const events = await Promise.all(
    Array.from({ length: burstSize() }, async () => delivery(customer)),
  );
  const { throughput, requests } = await load(origin, {
    connections: CONNECTIONS,
    milliseconds: 120_000,
    status: 200,
    nextCall: () => events.pop(),
  });
  assert.equal(requests, burstSize());
  return throughput;
}

/**
 * Each event took a ticket, with or without a sync at once. The next event that comes alone makes
 * the customer whole: until then, the retries of the burst may use up WEBHOOK_LIMIT.
 */
async function assertSynced({ origin, database }: Site, customer: string): Promise<void> {
  const wanted = { counted: 1, subscriptions: 1 };
  let row: unknown;
  for (let second = 0; second < CALM_SECONDS; second += 1) {
    const events = [await delivery(customer)];
    await load(origin, {
      connections: 1,
      milliseconds: 120_000,
      status: 200,
      nextCall: () => events.pop(),
    });
    row = await database
      .prepare(
        `select sync_ticket >= ?2 as counted,
          (select count(*) from subscriptions where customer_id = customers.id) as subscriptions
        from customers where id = ?1`,
      )
      .bind(customer, burstSize())
      .first();
    if (isDeepStrictEqual({ ...(row as object) }, wanted)) return;
    await sleep(1_000);
  }
  assert.deepEqual(row, wanted);
}
