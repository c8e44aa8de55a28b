import {
  createExecutionContext,
  createScheduledController,
  waitOnExecutionContext,
} from 'cloudflare:test';
import example from 'virtual:mount-example';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { cache } from 'hono/cache';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { portalLink, type Identity, type PortalLinkEnv } from '../src/package.ts';
import { auth } from './auth-of-example.ts';
import { leaksInAnswer } from './leaks.ts';
import { PRESSED, signLink, LINK_SECRET } from './signed-links.ts';
import { createWorld, ORIGIN, SIGNED_OUT, TEST_KEY, WEBHOOK_SECRET, type World } from './world.ts';

type HostEnv = { Bindings: PortalLinkEnv; Variables: { user?: unknown } };
type Answer = Identity | null | undefined;

let world: World;
let env: PortalLinkEnv;
/** What the host's own session says, and how often it was asked. */
let session: (request: Request) => Answer | Promise<Answer>;
let asked: number;

const NAVIGATION = { ...SIGNED_OUT, 'sec-fetch-site': 'none' };

beforeEach(async () => {
  world = await createWorld();
  // None of AUTH_*: the host says who asks.
  env = {
    DB: world.database,
    STRIPE_SECRET_KEY: TEST_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    SIGN_IN_URL: '/login?next={return_to}',
    PUBLIC_ORIGIN: ORIGIN,
  };
  asked = 0;
  session = () => undefined;
});

const billing = portalLink<HostEnv>({
  identify: async (c) => {
    asked += 1;
    return session(c.req.raw);
  },
});

/** A shop with a page, middleware, an error handler and a 404 of its own. */
function shop(prepare: (app: Hono<HostEnv>) => void = () => {}): Hono<HostEnv> {
  const app = new Hono<HostEnv>();
  prepare(app);
  app.route('/', billing.app);
  app.get('/', (c) => c.text('the shop'));
  app.get('/healthz', (c) => c.text('the shop is well'));
  app.get('/billing/plans', (c) => c.text('the plans of the shop'));
  app.get('/broken', () => {
    throw new Error('of the shop');
  });
  app.onError((error, c) => c.text(`the shop’s own: ${error.message}`, 418));
  app.notFound((c) => c.text('the shop has no such page', 404));
  return app;
}

/** `person` is who may be seen in the answer, by their subject. */
async function visit(
  app: Hono<HostEnv>,
  path: string,
  init: RequestInit = {},
  person: string[] = [],
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request(new URL(path, ORIGIN), { redirect: 'manual', ...init });
  const response = await app.fetch(request.clone(), env, context);
  await waitOnExecutionContext(context);
  const body = await response.clone().text();
  const { status, headers } = response;
  const sent = init.body instanceof URLSearchParams ? init.body.toString() : '';
  expect(leaksInAnswer(request, { status, headers, body }, sent, person)).toEqual([]);
  return response;
}

const go = async (app = shop(), headers: Record<string, string> = NAVIGATION) =>
  visit(app, '/billing/manage', { headers });
const opened = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
const codeOf = (response: Response) => response.headers.get('x-error-code');

const isJson = (c: Context) => c.req.header('content-type') === 'application/json';

/** What the log says while something runs. */
async function logged(work: () => Promise<unknown>): Promise<string> {
  const spies = (['info', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => {}),
  );
  await work();
  const lines = spies.flatMap((spy) => spy.mock.calls.flat().map(String)).join('\n');
  for (const spy of spies) spy.mockRestore();
  return lines;
}

describe('in a Hono app', () => {
  it('leads the person of the app’s session to the portal, without a setting of AUTH_', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject });
    const response = await go();
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    expect(opened()).toBe(ada.customer);
  });

  it('serves the page, the API, the webhook’s address and the cron job, too', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject, email: `${ada.subject}.1@example.com` });
    const page = await visit(shop(), '/billing', { headers: NAVIGATION }, [ada.subject]);
    expect(await page.text()).toContain('Manage');
    const api = await visit(shop(), '/api/billing');
    expect(await api.json()).toMatchObject({ state: 'none' });
    const minted = await visit(shop(), '/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(minted.status).toBe(200);
    const webhook = await visit(shop(), '/api/stripe/webhook', { method: 'POST', body: '{}' });
    expect(codeOf(webhook)).toBe('webhook_refused');
    const controller = createScheduledController({ scheduledTime: new Date(), cron: '' });
    expect(await logged(async () => billing.scheduled(controller, env))).toContain('reconciled');
  });

  it('sends somebody who is signed out to the app’s own sign-in, and back once', async () => {
    const away = await go();
    expect(away.headers.get('location')).toBe(
      `/login?next=${encodeURIComponent(`${ORIGIN}/billing/manage?signed_in=1`)}`,
    );
    const back = await visit(shop(), '/billing/manage?signed_in=1', { headers: NAVIGATION });
    expect(back.status).toBe(401);
    expect(codeOf(back)).toBe('sign_in_required');
  });

  it('has no sign-in of ours where the app has sessions but SIGN_IN_URL is not set', async () => {
    env = { ...env, SIGN_IN_URL: '' };
    expect((await go()).status).toBe(401);
  });

  it.each([
    ['GET', '/', 200, 'the shop'],
    ['GET', '/healthz', 200, 'the shop is well'],
    ['GET', '/billing/plans', 200, 'the plans of the shop'],
    ['GET', '/broken', 418, 'the shop’s own: of the shop'],
    ['GET', '/billing/elsewhere', 404, 'the shop has no such page'],
    ['POST', '/api/elsewhere', 404, 'the shop has no such page'],
    ['GET', '/favicon.ico', 404, 'the shop has no such page'],
  ])(
    'leaves %s %s to the app, without a header or a line of ours',
    async (method, path, ...expected) => {
      let response: Response | undefined;
      const lines = await logged(async () => {
        response = await visit(shop(), path, { method });
      });
      expect([response?.status, await response?.text()]).toEqual(expected);
      expect(response?.headers.get('x-request-id')).toBeNull();
      expect(response?.headers.get('content-security-policy')).toBeNull();
      expect(lines).toBe('');
    },
  );

  it('says how it is, by settings of which none says who asks', async () => {
    const response = await visit(shop(), '/billing/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: expect.stringMatching(/ok|late/) });
    expect(asked).toBe(0);
    env = { ...env, STRIPE_SECRET_KEY: '' };
    const broken = await visit(shop(), '/billing/healthz');
    expect(broken.status).toBe(503);
    expect(await broken.json()).toMatchObject({ problems: [{ key: 'STRIPE_SECRET_KEY' }] });
  });

  it('answers its own errors itself, and what an address does not take', async () => {
    session = () => ({ subject: 'somebody who bought nothing' });
    const response = await go();
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('the shop');
    const wrong = await visit(shop(), '/billing/manage', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('lists what is wrong with the settings, and the app goes on', async () => {
    env = { ...env, STRIPE_SECRET_KEY: 'hunter2' };
    const response = await visit(shop(), '/billing/manage');
    const { problems } = await response.json<{ problems: { key: string }[] }>();
    expect(problems.map(({ key }) => key)).toEqual(['STRIPE_SECRET_KEY']);
    expect(await (await visit(shop(), '/')).text()).toBe('the shop');
  });

  it.each<[string, (app: Hono<HostEnv>) => unknown]>([
    ['by app.route', (app) => app.route('/account', billing.app)],
    ['by a base path', (app) => app.basePath('/account').route('/', billing.app)],
  ])('says where to mount it if it is below a prefix %s', async (_, mount) => {
    const app = new Hono<HostEnv>();
    mount(app);
    app.onError((error, c) => c.text(error.message, 418));
    const response = await visit(app, '/account/billing/manage', { headers: NAVIGATION });
    expect(response.status).toBe(418);
    expect(await response.text()).toContain("app.route('/', billing.app)");
  });

  it('can be mounted by host, where the app’s routes begin with one', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject });
    const getPath = ({ url }: Request) => url.replace(/^https?:\//, '').replace(/\?.*/, '');
    const app = new Hono<HostEnv>({ getPath }).route(new URL(ORIGIN).host, billing.app);
    expect((await go(app)).status).toBe(303);
  });

  it('sees what the app’s middleware has learnt', async () => {
    const ada = await world.somebody();
    const own = portalLink<HostEnv>({
      identify: ({ var: { user } }) => user as Identity | undefined,
    });
    const app = new Hono<HostEnv>();
    app.use(async (c, next) => {
      c.set('user', { subject: ada.subject });
      await next();
    });
    app.route('/', own.app);
    await go(app);
    expect(opened()).toBe(ada.customer);
  });

  it('runs without an execution context, and outside of any app', async () => {
    const ada = await world.somebody();
    session = async () => ({ subject: ada.subject });
    const request = new Request(`${ORIGIN}/billing/manage`, { headers: NAVIGATION });
    expect((await billing.app.fetch(request, env)).status).toBe(303);
    expect((await billing.app.fetch(new Request(`${ORIGIN}/`), env)).status).toBe(404);
  });

  it.each<[string, (c: Context) => Promise<unknown>]>([
    ['as bytes', async (c) => c.req.arrayBuffer()],
    ['by its type', async (c) => (isJson(c) ? c.req.json() : c.req.parseBody())],
  ])('reads a body that the app’s middleware has read before, %s', async (_, read) => {
    const ada = await world.somebody({ customers: 2 });
    session = () => ({ subject: ada.subject });
    const app = shop((host) =>
      host.use(async (c, next) => {
        await read(c);
        await next();
      }),
    );
    const second = ada.customers[1]!;
    const form = { method: 'POST', headers: PRESSED };
    const body = new URLSearchParams({ customer: second });
    expect((await visit(app, '/billing/manage', { ...form, body })).status).toBe(303);
    expect(opened()).toBe(second);
    const json = { 'content-type': 'application/json' };
    const minted = await visit(app, '/api/stripe/create-portal-session', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ customer: second }),
    });
    expect(minted.status).toBe(200);
    const payload = JSON.stringify([...world.stripe.state.events.values()].at(-1), null, 2);
    const signature = await world.api.webhooks.generateTestHeaderStringAsync({
      payload,
      secret: WEBHOOK_SECRET,
    });
    const webhook = await visit(app, '/api/stripe/webhook', {
      method: 'POST',
      headers: { ...json, 'stripe-signature': signature },
      body: payload,
    });
    expect(webhook.status).toBe(200);
  });
});

describe('what the app says of a visitor', () => {
  it.each<[string, Identity]>([
    ['a role that may bill', { subject: 'acme', role: 'owner' }],
    ['a list with one that may', { subject: 'acme', role: ['viewer', 'owner'] }],
    [
      'an organisation and a role there',
      { subject: 'user_9', organisation: 'acme', role: 'owner' },
    ],
    ['all that may be null', { subject: 'acme', email: null, emailVerified: null, role: 'owner' }],
  ])('opens with %s', async (_, identity) => {
    await world.keep({ id: 'cus_acme', subject: 'acme' });
    env = { ...env, AUTH_BILLING_ROLES: 'owner' };
    session = () => identity;
    const response = await visit(shop(), '/api/billing');
    expect(await response.json()).toMatchObject({ state: 'none' });
  });

  it.each<[string, Identity]>([
    ['another role', { subject: 'acme', role: 'viewer' }],
    ['no role', { subject: 'acme' }],
    ['another role in the organisation', { subject: 'u', organisation: 'acme', role: 'viewer' }],
  ])('opens nothing with %s', async (_, identity) => {
    await world.keep({ id: 'cus_acme', subject: 'acme' });
    env = { ...env, AUTH_BILLING_ROLES: 'owner' };
    session = () => identity;
    expect(codeOf(await visit(shop(), '/api/billing'))).toMatch('role_not_allowed');
  });

  it('needs no role of a person who acts for no organisation', async () => {
    const ada = await world.somebody();
    env = { ...env, AUTH_BILLING_ROLES: 'owner' };
    session = () => ({ subject: ada.subject, organisation: null, role: null });
    expect((await go()).status).toBe(303);
  });

  it('can name the Stripe customer', async () => {
    const ada = await world.somebody({ customers: 2 });
    session = () => ({ subject: ada.subject, customer: ada.customers[1] });
    expect((await go()).status).toBe(303);
    expect(opened()).toBe(ada.customers[1]);
  });

  it('opens nothing while somebody acts in their place', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject, impersonatedBy: 'admin' });
    const response = await visit(shop(), '/billing/manage?signed_in=1', { headers: NAVIGATION });
    expect([response.status, codeOf(response)]).toEqual([401, 'token_invalid']);
  });

  it('must be a verified address where the subject is one', async () => {
    const email = 'ada@example.com';
    await world.keep({ id: 'cus_by_email', subject: email });
    session = () => ({ subject: email, email });
    expect((await visit(shop(), '/api/billing')).status).toBe(401);
    session = () => ({ subject: email, email, emailVerified: true });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it.each<[string, Omit<Identity, 'subject'>]>([
    ['without email', {}],
    ['with email as null', { email: null }],
    ['with email in another case', { email: 'Ada@Example.com' }],
  ])('must be verified %s, too', async (_, rest) => {
    const subject = 'ada@example.com';
    await world.keep({ id: 'cus_by_email', subject });
    session = () => ({ subject, ...rest });
    const response = await visit(shop(), '/api/billing');
    expect(response.status).toBe(401);
    session = () => ({ subject, ...rest, emailVerified: true });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it('may look like an address where the person’s address is another one', async () => {
    const subject = 'user_7@realm';
    await world.keep({ id: 'cus_of_a_realm', subject });
    session = () => ({ subject, email: 'ada@example.com' });
    expect((await visit(shop(), '/api/billing')).status).toBe(200);
  });

  it.each<[string, unknown, string]>([
    ['an empty subject', { subject: '' }, 'subject must be text'],
    ['a blank subject', { subject: ' \t' }, 'subject must be text'],
    ['no subject', { email: 'ada@example.com' }, 'subject must be text'],
    ['a number', { subject: 42 }, 'subject must be text'],
    ['a subject that is too long', { subject: 'x'.repeat(501) }, 'subject must be text'],
    ['text', 'user_1', 'must be an object'],
    ['true', true, 'must be an object'],
    ['a list', [{ subject: 'user_1' }], 'subject must be text'],
    ['a role of another type', { subject: 'a', role: { name: 'owner' } }, 'role must be text'],
    ['a misspelt field', { subject: 'a', roles: ['owner'] }, 'roles is no field'],
    ['"true" as text', { subject: 'a', emailVerified: 'true' }, 'emailVerified must be'],
    ['a subscription', { subject: 'a', customer: 'sub_1' }, 'customer must be a customer id'],
    ['numbers', { subject: '5', organisation: '5' }, 'must not be a number alone'],
    [
      'a user whose fields cannot be read',
      {
        get subject() {
          throw new Error('the session of ada@example.com');
        },
      },
      'reading its fields has thrown',
    ],
    [
      'a customer of somebody else',
      { subject: 'a', organisation: 'b', customer: 'cus_1' },
      'must not stand beside an organisation',
    ],
  ])('is refused in the log’s words if it is %s', async (_, identity, reason) => {
    session = () => identity as Identity;
    let response: Response | undefined;
    const lines = await logged(async () => {
      response = await go();
    });
    expect(response?.status).toBe(500);
    expect(codeOf(response!)).toBe('identity_invalid');
    expect(lines).toContain(reason);
    expect(lines).not.toContain('ada@example.com');
    expect(world.sessionsMade()).toBe(0);
  });

  it.each<[string, () => never]>([
    [
      'an error',
      () => {
        throw new Error('the session of ada@example.com');
      },
    ],
    [
      'Hono’s own',
      () => {
        throw new HTTPException(401, { message: 'the session of ada@example.com' });
      },
    ],
    [
      'a response, as React Router does',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error -- frameworks do
        throw new Response('the session of ada@example.com', { status: 302 });
      },
    ],
  ])('is an outage, and no way to sign in, if it throws %s', async (_, fail) => {
    session = fail;
    let response: Response | undefined;
    const lines = await logged(async () => {
      response = await go();
    });
    expect([response?.status, codeOf(response!)]).toEqual([503, 'identify_failed']);
    expect(response?.headers.get('retry-after')).toBe('5');
    expect(lines).toContain('identify has thrown');
    expect(lines).toContain('return undefined');
    expect(lines + (await response!.text())).not.toContain('ada@example.com');
  });

  it('is asked each time: nobody is remembered for somebody else', async () => {
    const ada = await world.somebody();
    const eve = await world.somebody();
    const app = shop();
    for (const { subject, customer } of [ada, eve, ada]) {
      session = () => ({ subject });
      await go(app);
      expect(opened()).toBe(customer);
    }
    expect(asked).toBe(3);
  });

  it('is not asked for what opens nothing', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject });
    await visit(shop(), '/billing/manage', { method: 'HEAD', headers: NAVIGATION });
    await go(shop(), { ...NAVIGATION, 'sec-purpose': 'prefetch' });
    await go(shop(), { ...NAVIGATION, 'sec-fetch-dest': 'image' });
    const post = await visit(shop(), '/billing/manage', {
      method: 'POST',
      headers: { ...PRESSED, 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams(),
    });
    expect(post.status).toBe(403);
    expect([asked, world.sessionsMade()]).toEqual([0, 0]);
  });
});

describe('the code of the page, with Better Auth', () => {
  const openAs = async (subject: string, theirs: { impersonatedBy?: string | null }) => {
    const user = { id: subject, email: 'ada@example.com', emailVerified: true };
    vi.spyOn(auth.api, 'getSession').mockResolvedValue({ user, session: theirs });
    const request = new Request(`${ORIGIN}/billing/manage?signed_in=1`, { headers: NAVIGATION });
    const context = createExecutionContext();
    const response = await example.fetch(request, env, context);
    await waitOnExecutionContext(context);
    return response;
  };

  it('opens the billing of who is signed in', async () => {
    const ada = await world.somebody();
    expect((await openAs(ada.subject, {})).status).toBe(303);
    expect((await openAs(ada.subject, { impersonatedBy: null })).status).toBe(303);
    expect(opened()).toBe(ada.customer);
  });

  it('opens nothing for an admin who impersonates them', async () => {
    const ada = await world.somebody();
    const response = await openAs(ada.subject, { impersonatedBy: 'the admin' });
    expect([response.status, codeOf(response)]).toEqual([401, 'token_invalid']);
    expect(world.sessionsMade()).toBe(0);
  });
});

describe('beside other proofs', () => {
  let ada: Awaited<ReturnType<World['somebody']>>;
  let eve: typeof ada;
  const keys = {
    AUTH_JWKS_URL: 'https://id.example/.well-known/jwks.json',
    AUTH_ISSUER: 'https://id.example',
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
  };

  beforeEach(async () => {
    ada = await world.somebody();
    eve = await world.somebody();
    session = () => ({ subject: eve.subject });
  });

  it('a bearer token that settings let count stands alone', async () => {
    env = { ...env, ...keys };
    await go(shop(), { ...NAVIGATION, ...ada.bearer });
    expect([opened(), asked]).toEqual([ada.customer, 0]);
    const bad = await go(shop(), { ...NAVIGATION, authorization: 'Bearer bad' });
    expect([bad.status, asked]).toEqual([401, 0]);
  });

  it('without keys in the settings, a bearer token is the app’s to read', async () => {
    session = (request) =>
      request.headers.get('authorization') === 'Bearer of the app'
        ? { subject: eve.subject }
        : undefined;
    await go(shop(), { ...NAVIGATION, authorization: 'Bearer of the app' });
    expect(opened()).toBe(eve.customer);
    const response = await go(shop(), { ...NAVIGATION, ...ada.bearer });
    expect(response.headers.get('location')).toContain('/login');
  });

  it('a valid token of somebody else in a cookie: neither counts, and there is no loop', async () => {
    env = { ...env, ...keys };
    const { cookie } = ada.browser;
    const response = await visit(shop(), '/billing/manage?signed_in=1', {
      headers: { ...NAVIGATION, cookie },
    });
    expect([response.status, world.sessionsMade()]).toEqual([401, 0]);
    session = () => ({ subject: ada.subject });
    await go(shop(), { ...NAVIGATION, cookie });
    expect(opened()).toBe(ada.customer);
    session = () => undefined;
    await go(shop(), { ...NAVIGATION, cookie });
    expect(world.sessionsMade()).toBe(2);
  });

  it('a signed link of somebody else asks before it opens', async () => {
    env = { ...env, LINK_SECRET };
    const token = await signLink({ sub: ada.subject });
    const address = `/billing/manage?token=${token}`;
    const people = [ada.subject, eve.subject];
    const page = await visit(shop(), address, { headers: NAVIGATION }, people);
    expect(await page.text()).toContain('value="instead"');
    const body = new URLSearchParams({ token, open: 'link' });
    const press = { method: 'POST', headers: PRESSED, body };
    const pressed = await visit(shop(), '/billing/manage', press, people);
    expect([pressed.status, world.sessionsMade()]).toEqual([200, 0]);
  });
});

describe('under the app’s own security headers', () => {
  const strict = (app: Hono<HostEnv>) => {
    app.use(cors({ origin: (origin) => origin, credentials: true }));
    app.use(async (c, next) => {
      c.header('content-security-policy', "default-src 'self'");
      await next();
      c.res.headers.append('vary', 'accept');
    });
    app.use(
      secureHeaders({
        xFrameOptions: 'SAMEORIGIN',
        contentSecurityPolicy: { defaultSrc: ["'self'"], formAction: ["'self'"] },
      }),
    );
  };

  it('pages keep their own, and the app’s pages keep the app’s', async () => {
    const alone = await visit(billing.app, '/billing', { headers: NAVIGATION });
    const app = shop(strict);
    const within = await visit(app, '/billing', { headers: NAVIGATION });
    const names = ['cache-control', 'x-frame-options', 'referrer-policy', 'x-content-type-options'];
    for (const name of names) expect(within.headers.get(name)).toBe(alone.headers.get(name));
    const policy = (response: Response) =>
      response.headers.get('content-security-policy')?.replace(/nonce-[^']+/, 'nonce');
    expect(policy(within)).toBe(policy(alone));
    expect(policy(within)).toContain("form-action 'self' https:");
    expect(within.headers.get('vary')).toContain('accept');
    const page = await within.text();
    const nonce = /nonce-([^']+)/.exec(within.headers.get('content-security-policy')!)?.[1];
    expect(page).toContain(`nonce="${nonce}"`);
    const theirs = await visit(app, '/');
    expect(theirs.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  const afterwards =
    (change: (c: Context) => void): MiddlewareHandler =>
    async (c, next) => {
      await next();
      change(c);
    };

  it.each<[string, MiddlewareHandler]>([
    ['sets a header', afterwards((c) => c.header('x-app', '1'))],
    ['sets one of ours', afterwards((c) => c.header('content-security-policy', "img-src 'none'"))],
    ['sets a cookie', afterwards((c) => setCookie(c, 'theirs', '1'))],
    ['compresses', compress()],
    ['replaces the response', afterwards((c) => (c.res = new Response(c.res.body, c.res)))],
    [
      'begins a response anew',
      afterwards((c) => {
        const { body, status } = c.res;
        c.res = undefined;
        c.res = new Response(body, { status, headers: { 'x-frame-options': 'SAMEORIGIN' } });
      }),
    ],
  ])('pages keep their own if middleware within %s', async (_, middleware) => {
    const names = [
      'cache-control',
      'content-security-policy',
      'referrer-policy',
      'x-frame-options',
      'access-control-allow-origin',
    ];
    const headersOf = async (app: Hono<HostEnv>) => {
      const browser = { ...NAVIGATION, origin: 'https://evil.example', 'accept-encoding': 'gzip' };
      const { headers } = await visit(app, '/billing', { headers: browser });
      return names.map((name) => headers.get(name)?.replace(/nonce-[^']+/, 'nonce'));
    };
    const app = shop((host) => {
      strict(host);
      host.use(middleware);
    });
    expect(await headersOf(app)).toEqual(await headersOf(billing.app));
  });

  it('the app’s error page has the app’s headers, also where its middleware fails on our answer', async () => {
    const app = shop((host) => {
      strict(host);
      host.use(
        afterwards(() => {
          throw new Error('of the shop');
        }),
      );
    });
    const response = await visit(app, '/billing', { headers: NAVIGATION });
    expect([response.status, response.headers.get('x-frame-options')]).toEqual([418, 'SAMEORIGIN']);
  });

  it('scripts of other origins read nothing of the API, whatever the app allows', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject });
    const headers = { origin: 'https://evil.example', cookie: 'theirs=1' };
    const read = await visit(shop(strict), '/api/billing', { headers });
    expect(read.status).toBe(403);
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    const minted = await visit(shop(strict), '/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([minted.status, world.sessionsMade()]).toEqual([403, 0]);
  });

  it('the app’s cache keeps nobody’s billing for the next visitor', async () => {
    const [ada, eve] = [await world.somebody(), await world.somebody()];
    let rendered = 0;
    const app = shop((host) => {
      host.use(cache({ cacheName: 'the app', cacheControl: 'max-age=60', wait: true }));
      host.get('/news', (c) => c.text(`rendered ${(rendered += 1)} times`));
    });
    await visit(app, '/news');
    expect(await (await visit(app, '/news')).text()).toBe('rendered 1 times');
    const read = async (): Promise<string> => {
      const response = await visit(app, '/billing', { headers: NAVIGATION }, [
        ada.subject,
        eve.subject,
      ]);
      expect(response.headers.get('cache-control')).toContain('no-store');
      return response.text();
    };
    session = () => ({ subject: ada.subject });
    expect(await read()).toContain(`Account 1 of ${ada.subject}`);
    session = () => ({ subject: eve.subject });
    expect(await read()).not.toContain(`Account 1 of ${ada.subject}`);
  });

  it('cookies of both reach the browser', async () => {
    const ada = await world.somebody();
    session = () => ({ subject: ada.subject });
    const app = shop((host) =>
      host.use(async (c, next) => {
        c.header('set-cookie', 'theirs=1');
        await next();
      }),
    );
    const cookies = (await go(app)).headers.getSetCookie().join('\n');
    expect(cookies).toContain('theirs=1');
    expect(cookies).toContain('__Host-');
  });
});
