import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { SignJWT } from 'jose';
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { createStripe } from '../../src/stripe/client.ts';
import { workerds } from '../bench/processor-time.ts';

const REDIRECTS = 8_000;
const CONNECTIONS = 64;
// So many that nobody reaches the limit of sessions that a person may open in a minute.
const CUSTOMERS = 2_000;
const KEY = 'sk_test_standin0000000000000000';
const JWT_SECRET = 'a secret of the site, of at least 32 bytes';
const WEBHOOK_SECRET = 'whsec_0123456789abcdef';

type Person = { id: string; token: string };
type Answer = { status: number; location: string; body: string };

let standIn: ChildProcess;
let stripeOrigin: string;
let stripe: Stripe;
let harness: ReturnType<typeof createTestHarness>;
let origin: string;
let workerd: number[];
let people: Person[];
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

beforeAll(async () => {
  standIn = fork(new URL('stand-in.ts', import.meta.url).pathname);
  const [port] = (await once(standIn, 'message')) as [number];
  stripeOrigin = `http://127.0.0.1:${port}`;
  stripe = createStripe({ secretKey: KEY, apiBase: new URL(stripeOrigin) });
  process.env['WRANGLER_LOG'] = 'none';
  const before = new Set(workerds());
  harness = createTestHarness({
    workers: [
      {
        configPath: './test/as-it-comes/wrangler.toml',
        vars: {
          STRIPE_API_BASE: stripeOrigin,
          AUTH_COOKIE: 'session',
          SIGN_IN_URL: 'https://id.example/in',
        },
        secrets: {
          STRIPE_SECRET_KEY: KEY,
          STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
          AUTH_JWT_SECRET: JWT_SECRET,
        },
      },
    ],
  });
  ({ origin } = (await harness.listen()).url);
  workerd = workerds().filter((pid) => !before.has(pid));
  const worker = harness.getWorker<{ DB: D1Database }>();
  await worker.applyD1Migrations('DB');
  people = await createPeople((await worker.getEnv()).DB);
  await fetch(`${stripeOrigin}/load/failing`);
});
afterAll(async () => {
  standIn.disconnect();
  await harness.close();
});

async function createPeople(database: D1Database): Promise<Person[]> {
  const made: Person[] = [];
  const insert = database.prepare(
    'insert into customers (id, subject, livemode, created_at, sync_ticket, synced_ticket) values (?, ?, 0, 1, 1, 1)',
  );
  const inserts = [];
  for (let number = 0; number < CUSTOMERS; number += 1) {
    const subject = `subject_${number}`;
    const { id } = await stripe.customers.create({ metadata: { user_id: subject } });
    const token = await new SignJWT({ sub: subject })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JWT_SECRET));
    inserts.push(insert.bind(id, subject));
    made.push({ id, token });
  }
  await database.batch(inserts);
  return made;
}

async function send(path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(`${origin}${path}`, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location ?? '',
          body: text,
        }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const browser = { accept: 'text/html', 'sec-fetch-dest': 'document' };
/** What may go wrong while Stripe does; everything else is a fault of ours. */
const OUTAGES = /stripe_(?:rate_limited|unavailable|unreachable)/;

/** Kilobytes of memory that workerd holds. */
const memory = () =>
  workerd.reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  }, 0);

it(`answers ${REDIRECTS} redirects among webhooks, pages and refusals, each to its own`, async () => {
  const tally: Record<string, number> = {};
  const note = (what: string) => (tally[what] = (tally[what] ?? 0) + 1);
  const samples: number[] = [];
  let redirects = 0;

  const follow = async ({ id, token }: Person) => {
    const { status, location, body } = await send('/billing/manage', {
      ...browser,
      cookie: `session=${token}`,
    });
    if (status === 303) {
      const session = location.split('/p/session/')[1] ?? '';
      const asked = await fetch(`${stripeOrigin}/load/owner?session=${session}`);
      const { customer } = (await asked.json()) as { customer: string };
      expect(customer).toBe(id);
      return note('session');
    }
    expect(body).toMatch(OUTAGES);
    return note('outage');
  };
  const view = async ({ token }: Person) => {
    const { status } = await send('/billing', { ...browser, cookie: `session=${token}` });
    expect(status).toBe(200);
    note('page');
  };
  const refuse = async () => {
    const { status } = await send('/billing/manage', { authorization: 'Bearer a.b.c' });
    // The sixty-first in a minute gets 429.
    expect([401, 429]).toContain(status);
    note(status === 401 ? 'refusal' : 'refusal that came too often');
  };
  const deliver = async ({ id }: Person) => {
    const payload = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'customer.updated',
      livemode: false,
      data: { object: { object: 'customer', id } },
    });
    const signature = await stripe.webhooks.generateTestHeaderStringAsync({
      payload,
      secret: WEBHOOK_SECRET,
    });
    const { status, body } = await send(
      '/api/stripe/webhook',
      { 'stripe-signature': signature },
      payload,
    );
    if (status !== 200) expect(body).toMatch(OUTAGES);
    note(status === 200 ? 'webhook' : 'webhook to be repeated');
  };

  const connection = async () => {
    while (redirects < REDIRECTS) {
      redirects += 1;
      const number = redirects;
      const person = people[number % people.length];
      if (!person) throw new Error('There is nobody.');
      await follow(person);
      if (number % 10 === 0) await view(person);
      if (number % 10 === 3) await refuse();
      if (number % 10 === 6) await deliver(person);
      if (number % 1000 === 0) samples.push(memory());
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));

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
