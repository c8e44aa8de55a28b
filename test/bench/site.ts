import { fork } from 'node:child_process';
import { once } from 'node:events';
import { SignJWT } from 'jose';
import type { Stripe } from 'stripe';
import { createTestHarness, type TestHarnessOptions } from 'wrangler';
import { createStripe } from '../../src/stripe/client.ts';
import { SOURCES } from './build.ts';
import { processorTimeOf, workerds } from './processor-time.ts';
import { STRIPE_KEY } from './stubs.ts';

export const WEBHOOK_SECRET = 'whsec_0123456789abcdef';
const JWT_SECRET = 'a secret of the site, of at least 32 bytes';

export type StandIn = {
  origin: string;
  stripe: Stripe;
  /** Milliseconds that each call takes from now on. */
  delay: (milliseconds: number) => void;
  stop: () => void;
};

export async function startStandIn(): Promise<StandIn> {
  const child = fork(new URL('stand-in.ts', import.meta.url).pathname);
  const [port] = (await once(child, 'message')) as [number];
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    stripe: createStripe({ secretKey: STRIPE_KEY, apiBase: new URL(origin) }),
    delay: (milliseconds) => child.send(milliseconds),
    stop: () => child.disconnect(),
  };
}

export type Site = {
  origin: string;
  database: D1Database;
  runCron: () => Promise<void>;
  /** Seconds of processor time that its workerd has used; NaN where /proc does not tell. */
  processorTime: () => number;
  stop: () => Promise<void>;
};

/** The built Worker, or a floor, under a workerd of its own with a D1 of its own. */
export async function startSite(
  which: 'worker' | 'floor' | 'floor-with-client',
  standIn: StandIn,
): Promise<Site> {
  process.env['WRANGLER_LOG'] = 'error';
  const settings = {
    STRIPE_API_BASE: standIn.origin,
    AUTH_ISSUER: 'https://id.example',
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
    AUTH_SUBJECT_CLAIM: 'sub',
    SIGN_IN_URL: 'https://id.example/sign-in?return_to={return_to}',
    CRON_SUBREQUESTS: '50',
  };
  const secrets = {
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    AUTH_JWT_SECRET: JWT_SECRET,
  };
  const before = new Set(workerds());
  const harness = createTestHarness({
    workers: [
      which === 'worker'
        ? { configPath: './test/as-it-comes/wrangler.toml', vars: settings, secrets }
        : floorOf(SOURCES[which], { ...settings, ...secrets }),
    ],
  });
  const { url } = await harness.listen();
  const own = workerds().filter((pid) => !before.has(pid));
  const worker = harness.getWorker<{ DB: D1Database }>();
  await worker.applyD1Migrations('DB');
  const { DB: database } = await worker.getEnv();
  return {
    origin: url.origin,
    database,
    runCron: async () => {
      await worker.scheduled({ cron: '*/5 * * * *' });
    },
    processorTime: () =>
      own.length === 0 ? Number.NaN : own.reduce((sum, pid) => sum + processorTimeOf(pid), 0),
    stop: async () => harness.close(),
  };
}

function floorOf(
  main: string,
  vars: Record<string, string>,
): TestHarnessOptions['workers'][number] {
  const database = { binding: 'DB', database_name: 'floor', migrations_dir: 'migrations' };
  return {
    config: {
      name: 'floor',
      main,
      compatibility_date: '2026-10-30',
      minify: true,
      d1_databases: [database],
      ratelimits: [{ name: 'SESSION_LIMIT', namespace_id: '1', simple: { limit: 20, period: 60 } }],
      vars,
    },
  };
}

/** A session token of the site. */
export async function tokenFor(subject: string): Promise<string> {
  return new SignJWT({ sub: subject, iss: 'https://id.example', aud: 'shop' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(JWT_SECRET));
}

/** Customers with a subscription each, at Stripe and in the databases of these sites. */
export async function createCustomers(
  stripe: Stripe,
  sites: Site[],
  count: number,
): Promise<{ id: string; subject: string }[]> {
  const product = await stripe.products.create({ name: 'Pro' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
  });
  const made = [];
  for (let number = 0; number < count; number += 1) {
    const subject = `subscriber_${number}`;
    const { id } = await stripe.customers.create({ metadata: { user_id: subject } });
    const { id: subscription } = await stripe.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
    });
    made.push({ id, subject, subscription });
  }
  for (const { database } of sites) {
    // As a sync has written them: what D1 has only heard of, the Worker reads at Stripe first.
    const insert = database.prepare(
      `insert into customers (id, subject, livemode, created_at, sync_ticket, synced_ticket, synced_at)
      values (?, ?, 0, 1, 1, 1, 1)`,
    );
    await database.batch(made.map(({ id, subject }) => insert.bind(id, subject)));
    const items = JSON.stringify([{ id: 'si_1', product: 'Pro', price: price.id, quantity: 1 }]);
    const subscribe = database.prepare(
      `insert into subscriptions (id, customer_id, status, items, paused, created_at)
      values (?, ?, 'active', ?, 0, 1)`,
    );
    await database.batch(
      made.map(({ id, subscription }) => subscribe.bind(subscription, id, items)),
    );
  }
  return made;
}
