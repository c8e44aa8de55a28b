import { createScheduledController } from 'cloudflare:test';
import { Hono, type Context } from 'hono';
import { describe, expect, it } from 'vitest';
import { portalLink, type Identity } from '../../src/doors/package.ts';
import { PRESSED } from '../signed-links.ts';
import { ORIGIN, WEBHOOK_SECRET } from '../world.ts';
import {
  type HostEnv,
  NAVIGATION,
  billing,
  codeOf,
  go,
  state,
  isJson,
  logged,
  opened,
  shop,
  useShop,
  visit,
  world,
} from './shop.ts';

useShop();

describe('in a Hono app', () => {
  it('leads the person of the app’s session to the portal, without a setting of AUTH_', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject });
    const response = await go();
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    expect(opened()).toBe(ada.customer);
  });

  it('serves the page, the API, the webhook’s address and the cron job, too', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject, email: `${ada.subject}.1@example.com` });
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
    expect(await logged(async () => billing.scheduled(controller, state.env))).toContain(
      'reconciled',
    );
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
    state.env = { ...state.env, SIGN_IN_URL: '' };
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
    expect(state.asked).toBe(0);
    state.env = { ...state.env, STRIPE_SECRET_KEY: '' };
    const broken = await visit(shop(), '/billing/healthz');
    expect(broken.status).toBe(503);
    expect(await broken.json()).toMatchObject({ problems: [{ key: 'STRIPE_SECRET_KEY' }] });
  });

  it('answers its own errors itself, and what an address does not take', async () => {
    state.session = () => ({ subject: 'somebody who bought nothing' });
    const response = await go();
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('the shop');
    const wrong = await visit(shop(), '/billing/manage', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });

  it('lists what is wrong with the settings, and the app goes on', async () => {
    state.env = { ...state.env, STRIPE_SECRET_KEY: 'hunter2' };
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
    state.session = () => ({ subject: ada.subject });
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
    state.session = async () => ({ subject: ada.subject });
    const request = new Request(`${ORIGIN}/billing/manage`, { headers: NAVIGATION });
    expect((await billing.app.fetch(request, state.env)).status).toBe(303);
    expect((await billing.app.fetch(new Request(`${ORIGIN}/`), state.env)).status).toBe(404);
  });

  it.each<[string, (c: Context) => Promise<unknown>]>([
    ['as bytes', async (c) => c.req.arrayBuffer()],
    ['by its type', async (c) => (isJson(c) ? c.req.json() : c.req.parseBody())],
  ])('reads a body that the app’s middleware has read before, %s', async (_, read) => {
    const ada = await world.somebody({ customers: 2 });
    state.session = () => ({ subject: ada.subject });
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
