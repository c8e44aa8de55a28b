import { beforeEach, describe, expect, it } from 'vitest';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from './signed-links.ts';
import { LIVE_KEY, SIGNED_OUT, TEST_KEY, type Person } from './world.ts';

const LOCAL = 'http://localhost:8787';
const PRODUCTION = 'https://shop.example';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
  const { id } = await world.liveApi.customers.create({ metadata: { user_id: ada.subject } });
  await world.keep({ id, subject: ada.subject }, true);
});

/** What the Worker at this origin sets when somebody presses the button of their link. */
async function cookiesAt(requested: string, publicOrigin: string): Promise<string[]> {
  const aud = publicOrigin === '' ? requested : publicOrigin;
  const token = await signLink({ sub: ada.subject, aud });
  const body = new URLSearchParams({ token, open: 'link' });
  const init = { method: 'POST', headers: PRESSED, body };
  const response = await world.visit(`${requested}/billing/manage`, init);
  expect(response.status).toBe(303);
  return response.headers.getSetCookie();
}

const sessionOf = (cookies: string[]) =>
  cookies.map((each) => /^(?:__Host-)?billing=([^;]+)/.exec(each)?.[1]).find(Boolean) ?? '';

const statusWith = async (origin: string, cookie: string) =>
  (await world.visit(`${origin}/billing`, { headers: { ...SIGNED_OUT, cookie } })).status;

describe('on a developer’s machine without https, cookies of ours', () => {
  it.each([LOCAL, 'http://127.0.0.1:8787', 'http://[::1]:8787', 'http://shop.localhost'])(
    'are without prefix and Secure, which WebKit would drop: %s',
    async (origin) => {
      for (const publicOrigin of [origin, '']) {
        world.configure({ PUBLIC_ORIGIN: publicOrigin, STRIPE_SECRET_KEY: TEST_KEY });
        const cookies = await cookiesAt(origin, publicOrigin);
        expect(cookies.map((each) => each.replace(/=[^;]*/, ''))).toEqual([
          'billing; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax',
          'portal; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax',
        ]);
        expect(await statusWith(origin, `billing=${sessionOf(cookies)}`)).toBe(200);
        expect(await statusWith(origin, `__Host-billing=${sessionOf(cookies)}`)).toBe(401);
      }
    },
  );
});

describe('everywhere else, cookies of ours are protected', () => {
  it.each([
    ['in production', PRODUCTION, PRODUCTION, LIVE_KEY],
    ['with a test key', PRODUCTION, PRODUCTION, TEST_KEY],
    ['for Host: localhost by https', 'https://localhost:8787', PRODUCTION, LIVE_KEY],
    ['for Host: localhost by plain http', LOCAL, PRODUCTION, LIVE_KEY],
    ['the same with a test key', LOCAL, PRODUCTION, TEST_KEY],
    ['the same without PUBLIC_ORIGIN', LOCAL, '', LIVE_KEY],
    ['on localhost with https', 'https://localhost:8787', '', TEST_KEY],
    ['on localhost with https as PUBLIC_ORIGIN', LOCAL, 'https://localhost:8787', TEST_KEY],
    ['by https, whatever PUBLIC_ORIGIN says', PRODUCTION, LOCAL, TEST_KEY],
  ])('%s', async (_where, requested, publicOrigin, key) => {
    world.configure({ PUBLIC_ORIGIN: publicOrigin, STRIPE_SECRET_KEY: key });
    const cookies = await cookiesAt(requested, publicOrigin);
    for (const each of cookies)
      expect(each).toMatch(/^__Host-(?:billing|portal)=.*; Secure(?:;|$)/);
    const session = sessionOf(cookies);
    expect(await statusWith(requested, `__Host-billing=${session}`)).toBe(200);
    // As a subdomain or a page by plain http could set it.
    expect(await statusWith(requested, `billing=${session}`)).toBe(401);
  });
});
