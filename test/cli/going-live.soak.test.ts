import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { serve, type ServerType } from '@hono/node-server';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOpenIdProvider, type OpenIdProvider } from '../openid/provider.ts';
import { createKeyring } from '../stripe/identity-keys.ts';
import { ENTER, inTerminal, pick } from './in-terminal.ts';
import { WORKER } from './production.ts';
import { runDeployed } from './run-deployed.ts';
import { useWorkplace, workplace } from './use-workplace.ts';

const SITE = 'https://shop.example.com';

let servers: ServerType[];
let hosts: Record<string, string>;
useWorkplace();
beforeEach(() => {
  // Stripe is the stand-in; nothing else is filled in.
  workplace.configure({ STRIPE_API_BASE: workplace.origin });
  workplace.cloudflare.zones.add('example.com');
  servers = [];
  hosts = {};
});
afterEach(async () => {
  for (const server of servers) server.close();
});

async function answerAt(host: string, fetch: (request: Request) => Response | Promise<Response>) {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch });
  await once(server, 'listening');
  servers.push(server);
  hosts[host] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The shop: a page, a sign-in page, and what else a test puts there. */
const shop = async (more: (request: Request) => Response | undefined = () => undefined) =>
  answerAt('shop.example.com', (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/' || pathname === '/login') {
      return new Response('a page', { headers: { 'cf-ray': '8f1-FRA' } });
    }
    return more(request) ?? new Response('nothing', { status: 404 });
  });

/** From an empty account to a deployed Worker, in a terminal. Keeps what was on the screen. */
async function goLive(name: string, answers: [RegExp, string][]) {
  const began = Date.now();
  const run = await inTerminal(
    workplace,
    ['setup', '--remote'],
    (question) =>
      [[/secret or restricted key/, workplace.key + ENTER] as const, ...answers].find(([about]) =>
        about.test(question),
      )?.[1] ?? ENTER,
    hosts,
  );
  if (process.env['TRANSCRIPTS']) {
    mkdirSync(process.env['TRANSCRIPTS'], { recursive: true });
    const head = `${name}: ${run.questions.length} questions, ${Math.round((Date.now() - began) / 1000)} s\n`;
    writeFileSync(
      `${process.env['TRANSCRIPTS']}/${name}.txt`,
      head + run.questions.map((each) => `? ${each}`).join('\n') + '\n\n' + run.screen,
    );
  }
  expect(run).toMatchObject({ status: 0 });
  expect(run.screen).toContain('/billing/manage');
  expect(run.screen).toContain('Commit wrangler.toml and portal.toml.');
  parse(workplace.read('wrangler.toml'));
  const script = workplace.cloudflare.scripts.get(WORKER)!;
  expect(script.deployed).toBe(true);
  return { ...run, script };
}

/** A customer of the site, with this id there. */
const customer = async (user: string) =>
  workplace.api.customers.create({ email: `${user}@example.com`, metadata: { user_id: user } });

const settings = () =>
  (parse(workplace.read('wrangler.toml')) as { vars: Record<string, string> }).vars;

type Deployed = Awaited<ReturnType<typeof runDeployed>>;

/**
 * What has to hold for whatever setup has deployed: it answers by its routes, it needs nothing more,
 * and doctor finds nothing broken.
 */
async function expectLive(origin: string, visit: (worker: Deployed) => Promise<void>) {
  const worker = await runDeployed(workplace.cloudflare.scripts.get(WORKER)!, hosts);
  const edge = { ...hosts, [new URL(origin).host]: worker.origin };
  try {
    await visit(worker);
    await expectComplete(origin, edge);
  } finally {
    await worker.close();
  }
}

async function expectComplete(origin: string, edge: Record<string, string>) {
  const again = await inTerminal(
    workplace,
    ['setup', '--remote'],
    (question) => (/secret or restricted key/.test(question) ? workplace.key + ENTER : ENTER),
    edge,
  );
  expect(again.screen).toContain('Nothing to change: everything is set up.');
  expect(again).toMatchObject({
    status: 0,
    questions: [
      expect.stringContaining('secret or restricted key'),
      expect.stringContaining('Is this right?'),
    ],
  });

  const doctor = await inTerminal(
    workplace,
    ['doctor', '--remote', '--json', '--url', origin],
    () => ENTER,
    edge,
    { STRIPE_SECRET_KEY: workplace.key },
  );
  const { checks } = JSON.parse(doctor.screen.slice(doctor.screen.indexOf('{')));
  expect(checks.filter(({ outcome }: { outcome: string }) => outcome === 'failure')).toEqual([]);
  const health = { check: 'deployment_health', outcome: 'ok' };
  expect(checks).toContainEqual(expect.objectContaining(health));
}

const expectPortal = async (url: string, cookie: string) =>
  expectLive(new URL(url).origin, async (worker) => {
    const answer = await worker.visit(url, { cookie });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^http.*\/p\/session\//);
    // The site's own pages stay its own.
    expect(await (await worker.visit(new URL('/', url).href)).text()).toBe('a page');
  });

it('takes a site with Better Auth from nothing to its first redirect, on its own host', async () => {
  await customer('anna');
  await shop((request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/api/auth/get-session') return undefined;
    expect(searchParams.get('disableRefresh')).toBe('true');
    const isAnna = request.headers.get('cookie')?.includes('better-auth.session_token=anna');
    return Response.json(isAnna ? { user: { id: 'anna' }, session: {} } : null, {
      headers: { 'cache-control': 'private, no-store' },
    });
  });
  const { script, questions, screen } = await goLive('better-auth', [
    [/How do people sign in/, `better${ENTER}`],
    [/Where does your site run/, SITE + ENTER],
    [/Where do people sign in\?/, `/login${ENTER}`],
    [/^Is this right/, pick(1)],
  ]);
  // Who agrees to all changes is asked before none, and sees each.
  expect(questions.at(-1)).toMatch(/^Is this right/);
  expect(screen).toContain('Doing: Create a webhook endpoint');
  expect(screen).toContain(`Doing: Deploy the Worker ${WORKER}`);
  expect(settings()).toMatchObject({ SESSION_PRESET: 'better-auth', PUBLIC_ORIGIN: SITE });
  expect(script.routes).toEqual([
    'shop.example.com/billing*',
    'shop.example.com/api/stripe/*',
    'shop.example.com/api/links*',
    'shop.example.com/api/openapi.json*',
  ]);
  const url = `${SITE}/billing/manage`;
  await expectPortal(url, '__Secure-better-auth.session_token=anna');
});

it('takes a site with Supabase from nothing to its first redirect', async () => {
  await customer('anna');
  await shop();
  const keyring = await createKeyring();
  await answerAt('abcdefgh.supabase.co', (request) =>
    new URL(request.url).pathname === '/auth/v1/.well-known/jwks.json'
      ? Response.json({ keys: [keyring.publicKey()] })
      : new Response('nothing', { status: 404 }),
  );
  await goLive('supabase', [
    [/How do people sign in/, `supa${ENTER}`],
    [/How should the Worker/, pick(1)],
    [/On which host/, `abcdefgh.supabase.co${ENTER}`],
    [/Where does your site run/, SITE + ENTER],
    [/Where do people sign in\?/, `/login${ENTER}`],
  ]);
  const now = Math.floor(Date.now() / 1000);
  const token = await keyring.sign({
    sub: 'anna',
    iss: 'https://abcdefgh.supabase.co/auth/v1',
    aud: 'authenticated',
    role: 'authenticated',
    iat: now,
    exp: now + 3600,
  });
  const session = Buffer.from(JSON.stringify({ access_token: token })).toString('base64url');
  await expectPortal(`${SITE}/billing/manage`, `sb-abcdefgh-auth-token=base64-${session}`);
});

it('takes a site with Clerk from nothing to its first redirect, with a client of the Worker’s own', async () => {
  await customer('anna');
  await shop();
  const redirectUris = ['https://billing.example.com/billing/callback'];
  const client = { id: 'portal-link', secret: undefined, redirectUris };
  const issuer = 'https://clerk.example.com';
  const provider: OpenIdProvider = await createOpenIdProvider({ issuer, client });
  provider.signIn('anna', { email: 'anna@example.com', email_verified: true });
  await answerAt('clerk.example.com', async (request) => {
    const { pathname, search } = new URL(request.url);
    return provider.fetch(new Request(`${issuer}${pathname}${search}`, request));
  });
  const { script } = await goLive('clerk', [
    [/How do people sign in/, `clerk${ENTER}`],
    [/How should the Worker/, ENTER],
    [/On which host/, `clerk.example.com${ENTER}`],
    [/Where does your site run/, SITE + ENTER],
    [/client id/, `portal-link${ENTER}`],
  ]);
  expect(settings()).toMatchObject({
    AUTH_PROVIDER: 'clerk',
    PUBLIC_ORIGIN: 'https://billing.example.com',
  });
  expect(script.domains).toEqual(['billing.example.com']);
  await expectLive('https://billing.example.com', async (worker) => {
    const first = await worker.visit('https://billing.example.com/billing/manage');
    expect(first.status).toBe(303);
    const there = await provider.fetch(new Request(first.headers.get('location')!));
    const cookie = first.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const back = await worker.visit(there.headers.get('location')!, { cookie });
    const session = back.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const last = await worker.visit(
      new URL(back.headers.get('location')!, 'https://billing.example.com').href,
      { cookie: session },
    );
    expect(last.status).toBe(303);
    expect(last.headers.get('location')).toMatch(/\/p\/session\//);
  });
});
