import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSite, type Person, type Site } from './site.ts';

const REDIRECTS = 20_000;
const CONNECTIONS = 64;
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const CUSTOMERS = 2_000;

let site: Site;

beforeAll(async () => {
  site = await startSite('failing', { customers: CUSTOMERS, connections: CONNECTIONS });
});
afterAll(async () => site.stop());

/** What may go wrong while Stripe does; everything else is a fault of ours. */
const OUTAGES = /stripe_(?:rate_limited|unavailable|unreachable)/;

/** Kilobytes of memory that workerd holds. */
const memory = () =>
  site.workerd.reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }, 0);

it(`answers ${REDIRECTS} redirects among webhooks, pages and refusals, each to its own`, async () => {
  const tally: Record<string, number> = {};
  const note = (what: string) => (tally[what] = (tally[what] ?? 0) + 1);
  const samples: number[] = [];
  const opened: { location: string; id: string }[] = [];
  let redirects = 0;

  const follow = async (person: Person) => {
    const { status, location, body } = await site.as('/billing/manage', person);
    if (status === 303) {
      opened.push({ location, id: person.id });
      return note('session');
    }
    expect(body).toMatch(OUTAGES);
    return note('outage');
  };
  const view = async (person: Person) => {
    expect((await site.as('/billing', person)).status).toBe(200);
    note('page');
  };
  const refuse = async () => {
    const { status } = await site.send('/billing/manage', { authorization: 'Bearer a.b.c' });
    // The sixty-first in a minute gets 429.
    expect([401, 429]).toContain(status);
    note(status === 401 ? 'refusal' : 'refusal that came too often');
  };
  const deliver = async ({ id }: Person) => {
    const { status, body } = await site.deliver({
      id: 'evt_1',
      object: 'event',
      type: 'customer.updated',
      livemode: false,
      data: { object: { object: 'customer', id } },
    });
    if (status !== 200) expect(body).toMatch(OUTAGES);
    note(status === 200 ? 'webhook' : 'webhook to be repeated');
  };

  const connection = async () => {
    while (redirects < REDIRECTS) {
      redirects += 1;
      const number = redirects;
      const person = site.people[number % CUSTOMERS];
      if (!person) throw new Error('There is nobody.');
      await follow(person);
      if (number % 10 === 0) await view(person);
      if (number % 10 === 3) await refuse();
      if (number % 10 === 6) await deliver(person);
      if (number % 2500 === 0) samples.push(memory());
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));

  const owners = await site.ownersOf(opened.map(({ location }) => location));
  expect(owners).toEqual(opened.map(({ id }) => id));
  const answered = (tally['session'] ?? 0) + (tally['outage'] ?? 0);
  expect(answered).toBe(REDIRECTS);
  expect(tally['session']).toBeGreaterThan(REDIRECTS * 0.9);
  expect(tally['outage']).toBeGreaterThan(0);
  // Local workerd takes memory until its heaps have their size, for a hand-written Worker as for
  // this one (test/bench/floor.ts). What leaks would go on growing.
  const [third, fourth] = [samples.slice(4, 6), samples.slice(6)].map((part) => Math.max(...part));
  console.log(
    JSON.stringify({ ...tally, memory_megabytes: samples.map((each) => Math.round(each / 1024)) }),
  );
  expect((fourth ?? 0) / (third ?? 0)).toBeLessThan(1.1);
});
