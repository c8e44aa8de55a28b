import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestHarness } from 'wrangler';
import { createStripe } from '../../src/stripe/client.ts';
import { INSTALLED, prepareDoors } from '../doors/install.ts';

// Real Workers under Wrangler, with the packed file: three hosts of a mount, and a Worker that
// another one calls.

const KEY = 'sk_test_standin0000000000000000';
const ORIGIN = 'http://localhost';
const BROWSER = { accept: 'text/html', 'sec-fetch-dest': 'document' };

let standIn: ChildProcess;
let stripeOrigin: string;
let harness: ReturnType<typeof createTestHarness>;

/** One of the Workers in test/doors/, with a database that all of them share. */
function configOf(name: string, main: string, more: object = {}): { configPath: string } {
  const folder = resolve('.wrangler/doors');
  const configPath = `${folder}/${name}.json`;
  const config = {
    name,
    main: resolve('test/doors', main),
    compatibility_date: '2026-10-30',
    compatibility_flags: ['nodejs_compat', 'global_fetch_strictly_public'],
    d1_databases: [
      { binding: 'DB', database_id: 'doors', migrations_dir: `${INSTALLED}/migrations` },
    ],
    vars: {
      STRIPE_API_BASE: stripeOrigin,
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRET: 'whsec_0123456789abcdef',
      LINK_SECRET: 'the secret that links are signed with',
      PUBLIC_ORIGIN: ORIGIN,
      SIGN_IN_URL: '/sign-in?next={return_to}',
    },
    ...more,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(configPath, JSON.stringify(config));
  return { configPath };
}

beforeAll(async () => {
  prepareDoors();
  standIn = fork(new URL('../load/stand-in.ts', import.meta.url).pathname);
  const [port] = (await once(standIn, 'message')) as [number];
  stripeOrigin = `http://127.0.0.1:${port}`;
  process.env['WRANGLER_LOG'] = 'none';
  const services = [{ binding: 'BILLING', service: 'billing', entrypoint: 'Billing' }];
  harness = createTestHarness({
    workers: [
      configOf('billing', 'billing.js'),
      configOf('caller', 'caller.ts', { services }),
      configOf('plain', 'plain.js'),
      configOf('shop', 'shop.js'),
      configOf('react-router', 'react-router/worker.js'),
    ],
  });
  await harness.listen();
  await harness.getWorker<{ DB: D1Database }>('billing').applyD1Migrations('DB');
}, 300_000);
afterAll(async () => {
  standIn?.disconnect();
  await harness?.close();
});

const ask = async (worker: string, path: string, init: RequestInit = {}) =>
  harness.getWorker(worker).fetch(`${ORIGIN}${path}`, { redirect: 'manual', ...init } as never);

async function createCustomer(subject: string): Promise<string> {
  const stripe = createStripe({ secretKey: KEY, apiBase: new URL(stripeOrigin) });
  return (await stripe.customers.create({ metadata: { user_id: subject } })).id;
}

/** Whose portal a redirect leads to; undefined if it leads elsewhere. */
async function ownerOf(response: { headers: { get(name: string): string | null } }) {
  const location = response.headers.get('location') ?? '';
  if (!location.startsWith(stripeOrigin)) return undefined;
  const token = new URL(location).pathname.split('/').at(-1) ?? '';
  const body = JSON.stringify([token]);
  const answer = await fetch(`${stripeOrigin}/load/owners`, { method: 'POST', body });
  const [customer] = (await answer.json()) as (string | null)[];
  return customer;
}

describe('a Hono app with Better Auth’s sessions', () => {
  const post = async (path: string, body: object, cookie = '') => {
    const response = await ask('shop', `/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: ORIGIN, cookie },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    const { user } = (await response.json()) as { user: { id: string } };
    const cookies = response.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
    // It can delete a cookie, and set it in the same answer. The last one counts.
    const last = new Map(cookies.map((each) => [each.split('=')[0], each]));
    return { id: user.id, cookie: [...last.values()].join('; ') };
  };
  const signUp = async (name: string) =>
    post('sign-up/email', { email: `${name}@example.com`, password: 'a long password', name });

  it('leads the people who are signed in there to their portal, and keeps all that is its own', async () => {
    const { id, cookie } = await signUp('ada');
    const customer = await createCustomer(id);

    const opened = await ask('shop', '/billing/manage', { headers: { ...BROWSER, cookie } });
    expect([opened.status, await ownerOf(opened)]).toEqual([303, customer]);
    const page = await ask('shop', '/billing', { headers: { ...BROWSER, cookie } });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");

    const away = await ask('shop', '/billing/manage', { headers: BROWSER });
    expect(away.headers.get('location')).toContain('/sign-in?next=');
    const broken = await ask('shop', '/broken');
    expect([broken.status, await broken.text()]).toEqual([418, 'the shop’s own: of the shop']);
    expect(await (await ask('shop', '/')).text()).toBe('the shop');
    expect((await ask('shop', '/billing/else')).status).toBe(404);
  });

  it('opens nothing for an admin who impersonates somebody', async () => {
    const { id } = await signUp('grace');
    await createCustomer(id);
    const { cookie } = await signUp('admin');
    const acting = await post('admin/impersonate-user', { userId: id }, cookie);
    const headers = { ...BROWSER, cookie: acting.cookie };
    const opened = await ask('shop', '/billing/manage?signed_in=1', { headers });
    expect([opened.status, opened.headers.get('x-error-code')]).toEqual([401, 'token_invalid']);
  });

  it('runs the cron job beside a job of its own', async () => {
    const run = async (cron: string) =>
      harness.getWorker('shop').scheduled({ cron, scheduledTime: new Date() });
    expect(await run('0 3 * * *')).toMatchObject({ outcome: 'ok' });
    expect(await run('*/5 * * * *')).toMatchObject({ outcome: 'ok' });
    expect(await (await ask('shop', '/reports')).text()).toBe('1');
    const health = await ask('billing', '/billing/healthz');
    expect(await health.json()).toMatchObject({ last_run: expect.any(String) });
  });
});

it('a React Router app keeps its pages and loaders, and its people have billing', async () => {
  const customer = await createCustomer('grace');
  const signedIn = await ask('react-router', '/sign-in?as=grace');
  const [cookie = ''] = signedIn.headers.getSetCookie().map((each) => each.split(';')[0]);
  const home = await ask('react-router', '/');
  expect(await home.text()).toContain('The shop in React Router');
  const account = await ask('react-router', '/account', { headers: { cookie } });
  expect(await account.text()).toContain('href="/billing/manage"');
  const opened = await ask('react-router', '/billing/manage', { headers: { ...BROWSER, cookie } });
  expect([opened.status, await ownerOf(opened)]).toEqual([303, customer]);
  const away = await ask('react-router', '/billing/manage', { headers: BROWSER });
  expect(away.headers.get('location')).toContain('/sign-in?next=');
});

it('a plain Worker hands on what is ours, and answers the rest', async () => {
  const customer = await createCustomer('alan');
  const opened = await ask('plain', '/billing/manage', {
    headers: { ...BROWSER, 'x-user': 'alan' },
  });
  expect(await ownerOf(opened)).toBe(customer);
  expect(await (await ask('plain', '/billing-history')).text()).toBe(
    'the site’s own /billing-history',
  );
});

describe('a second Worker', () => {
  const call = async (method: string, argument?: unknown) => {
    const body = JSON.stringify([method, argument]);
    const answer = await ask('caller', '/', { method: 'POST', body });
    return (await answer.json()) as Record<string, unknown>;
  };

  it('opens, signs, reads, syncs and revokes over a service binding', async () => {
    const subject = 'barbara';
    const customer = await createCustomer(subject);
    expect(await call('billing', subject)).toMatchObject({ kind: 'billing', state: 'unknown' });
    expect(await call('sync', customer)).toEqual({ kind: 'synced' });
    expect(await call('billing', subject)).toMatchObject({ state: 'none', isFresh: true });
    const session = await call('portalSession', { subject, locale: 'de' });
    expect(session).toMatchObject({ kind: 'open', flowUnavailable: false });
    expect(String(session['url'])).toContain(stripeOrigin);

    const { url } = await call('link', { subject });
    const link = String(url).slice(ORIGIN.length);
    expect((await ask('billing', link, { headers: BROWSER })).status).toBe(200);
    expect(await call('revokeLinks', { subject })).toEqual({ kind: 'revoked' });
    expect((await ask('billing', link, { headers: BROWSER })).status).toBe(403);
  });

  it('gets a value for what is expected, and an error for a mistake', async () => {
    expect(await call('portalSession', { subject: '' })).toMatchObject({ kind: 'request_invalid' });
    expect(await call('portalSession')).toMatchObject({ kind: 'request_invalid' });
    const { thrown } = await call('fetchEverything', {});
    expect(thrown).toContain('TypeError');
  });
});
