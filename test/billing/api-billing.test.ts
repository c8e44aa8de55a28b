import { hc } from 'hono/client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Api } from '../../src/app.ts';
import { createLinkWorld, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, type Person } from '../world.ts';

const READER = 'a key of the back end that reads billing';
const SIGNER = 'a key of the back end that signs links only';
const APP = 'https://app.example';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld({
    LINK_API_KEY: `read:${READER},${SIGNER}`,
    ALLOWED_ORIGINS: APP,
  });
  ada = await world.somebody();
});

const read = async (query = '', headers: Record<string, string> = {}) =>
  world.visit(`/api/billing${query}`, { headers });
const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) => (await response.json<{ code: string }>()).code;
const subscribed = async () => {
  const { id } = await world.subscribe(ada.customer);
  await world.sync(ada.customer);
  return id;
};

describe('GET /api/billing', () => {
  it.each([
    ['a bearer token', () => ada.bearer],
    ['the session cookie', () => ({ cookie: ada.browser.cookie })],
  ])('says state, plan and period of the signed-in subject, by %s', async (_, headers) => {
    const id = await subscribed();
    const response = await read('', headers());
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const periodEnd = expect.any(Number);
    expect(await response.json()).toEqual({
      state: 'active',
      plan: 'Pro',
      period_end: periodEnd,
      may_be_due: false,
      is_fresh: true,
      as_of: expect.any(Number),
      subscriptions: [
        {
          id,
          customer: ada.customer,
          state: 'active',
          plan: 'Pro',
          products: [expect.stringMatching(/^prod_/)],
          prices: [expect.stringMatching(/^price_/)],
          period_end: periodEnd,
          cancel_at: null,
          trial_end: null,
          may_be_due: false,
        },
      ],
    });
  });

  it('costs one statement, on the primary, and no call to Stripe', async () => {
    await subscribed();
    world.queries.length = 0;
    world.sessions.length = 0;
    world.stripe.requests.length = 0;
    await read('', ada.bearer);
    await read(`?subject=${ada.subject}`, withKey(READER));
    expect(world.queries).toHaveLength(2);
    expect(world.sessions).toEqual(['first-primary', 'first-primary']);
    expect(world.stripe.requests).toEqual([]);
  });

  it('says that something may be due, and that a sync waits', async () => {
    const id = await subscribed();
    world.stripe.state.leaveUnpaid(id);
    await world.sync(ada.customer);
    await world.stores.syncs.takeTickets([ada.customer], false, new Date());
    expect(await (await read('', ada.bearer)).json()).toMatchObject({
      state: 'past_due',
      may_be_due: true,
      is_fresh: false,
    });
  });

  it('does not say “nothing bought” of somebody who is not in D1', async () => {
    const stranger = await world.visitor('nobody yet');
    const response = await read('', stranger.bearer);
    expect(await response.json()).toMatchObject({ state: 'unknown', is_fresh: false, as_of: null });
    expect(await (await read('', ada.bearer)).json()).toMatchObject({ state: 'none' });
  });

  it('lets a key that may read name any subject, in any characters', async () => {
    const subject = 'org|5/ä&?#%00“';
    await world.keep({ id: 'cus_odd', subject });
    const query = `?subject=${encodeURIComponent(subject)}`;
    expect(await (await read(query, withKey(READER))).json()).toMatchObject({ state: 'none' });
    expect(await (await read('?subject=nobody', withKey(READER))).json()).toMatchObject({
      state: 'unknown',
    });
  });

  it.each<[string, () => Record<string, string>, number, string]>([
    ['a key that may only sign', () => withKey(SIGNER), 403, 'api_key_not_allowed'],
    ['a wrong key', () => withKey(`${READER}x`), 401, 'api_key_refused'],
    ['the key with what it may do', () => withKey(`read:${READER}`), 401, 'api_key_refused'],
    ['the subject’s own token', () => ada.bearer, 401, 'api_key_refused'],
    ['the subject’s own cookie', () => ({ cookie: ada.browser.cookie }), 401, 'api_key_refused'],
  ])('names a subject to nobody with %s', async (_, headers, status, code) => {
    const response = await read(`?subject=${ada.subject}`, headers());
    expect(response.status).toBe(status);
    expect(await codeOf(response)).toBe(code);
  });

  it('takes no key for a person, and no link’s session', async () => {
    expect((await read('', withKey(READER))).status).toBe(401);
    expect((await read()).status).toBe(401);
    const token = await signLink({ sub: ada.subject });
    const opened = await world.press(token);
    const cookie = opened.headers.getSetCookie().map((each) => each.split(';')[0]);
    expect((await read('', { cookie: cookie.join('; ') })).status).toBe(401);
  });

  it.each(['?key=', '?api_key=', '?token=', '?subject=a&subject=b&x='])(
    'reads nothing else from the query: %s',
    async (query) => {
      const response = await read(`${query}${encodeURIComponent(READER)}`, ada.bearer);
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(text).toContain('no other parameters than');
      expect(text).not.toContain(READER);
    },
  );

  it.each(['?subject=', '?subject=%20%09', `?subject=${'x'.repeat(501)}`])(
    'refuses %s',
    async (query) => {
      expect(await codeOf(await read(query, withKey(READER)))).toBe('request_invalid');
    },
  );

  it('is for scripts on allowed origins only', async () => {
    const allowed = await read('', { ...ada.bearer, origin: APP });
    expect(allowed.headers.get('access-control-allow-origin')).toBe(APP);
    const asked = await world.visit('/api/billing', {
      method: 'OPTIONS',
      headers: { origin: APP, 'access-control-request-method': 'GET' },
    });
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET');
    const refused = await read('', {
      cookie: ada.browser.cookie,
      origin: 'https://evil.example',
    });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('opens nothing, for any reader', async () => {
    await world.visit('/api/billing', { method: 'HEAD', headers: ada.bearer });
    await read('', { ...ada.browser, 'sec-purpose': 'prefetch' });
    expect(world.sessionsMade()).toBe(0);
  });

  it('is known to Hono’s typed client, and described', async () => {
    await subscribed();
    const client = hc<Api>(ORIGIN, {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
        world.visit(input instanceof Request ? input.url : String(input), init),
      headers: withKey(READER),
    });
    const response = await client.api.billing.$get({ query: { subject: ada.subject } });
    const { state, subscriptions } = await response.json();
    expect([state, subscriptions.length]).toEqual(['active', 1]);
    const { paths } = await (await world.visit('/api/openapi.json')).json<{ paths: object }>();
    expect(paths).toMatchObject({ '/api/billing': { get: { parameters: [{ name: 'subject' }] } } });
  });
});

it('shows nothing of an organisation to a member whose role may not bill', async () => {
  world.configure({ AUTH_BILLING_ROLES: 'owner', AUTH_ROLE_CLAIM: 'role' });
  const { bearer } = await world.visitor(ada.subject, { role: 'viewer' });
  const response = await read('', bearer);
  expect(response.status).toBe(403);
  expect(await codeOf(response)).toBe('role_not_allowed');
});

it('counts wrong keys against the limit of the client’s network', async () => {
  let asked = 0;
  world.configure({
    CLIENT_LIMIT: { limit: async () => ({ success: (asked += 1) <= 1 }) },
  });
  const guess = async () =>
    read('?subject=a', { ...withKey('wrong'), 'cf-connecting-ip': '192.0.2.1' });
  expect((await guess()).status).toBe(401);
  expect((await guess()).status).toBe(429);
});

it('counts what each subject reads, and not what a back end does', async () => {
  const asked = new Map<string, number>();
  const limit = async ({ key }: { key: string }) => {
    asked.set(key, (asked.get(key) ?? 0) + 1);
    return { success: asked.get(key) === 1 };
  };
  world.configure({ CLIENT_LIMIT: { limit } });
  const bob = await world.somebody();
  expect((await read('', ada.bearer)).status).toBe(200);
  world.queries.length = 0;
  const refused = await read('', ada.bearer);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
  expect(world.queries).toEqual([]);
  expect((await read('', bob.bearer)).status).toBe(200);
  const byBackEnd = async () => (await read(`?subject=${ada.subject}`, withKey(READER))).status;
  expect([await byBackEnd(), await byBackEnd()]).toEqual([200, 200]);
});
