import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinkKeys } from '../../src/links/keys.ts';
import { mintSession } from '../../src/links/session.ts';
import {
  createLinkWorld,
  LINK_SECRET,
  PRESSED,
  sessionCookie,
  signLink,
  type LinkWorld,
} from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;
let cookie: string;
let response: Response;

beforeEach(async () => {
  vi.useRealTimers();
  world = await createLinkWorld();
  ada = await world.somebody();
  response = await world.press(await signLink({ sub: ada.subject, email: 'ada@example.com' }));
  cookie = sessionCookie(response)!;
});

const billing = async (headers: Record<string, string> = {}) =>
  world.visit('/billing', { headers: { ...SIGNED_OUT, cookie, ...headers } });

describe('after a signed link', () => {
  it('the visitor has a cookie that no script reads, for one hour', () => {
    const header = response.headers
      .getSetCookie()
      .find((each) => each.startsWith('__Host-billing='));
    expect(header).toMatch(/; Max-Age=3600;/);
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) {
      expect(header).toContain(attribute);
    }
    expect(header).not.toContain('Domain');
  });

  it('the visitor is recognised on the billing page, by its button and by the plain link', async () => {
    const page = await (await billing()).text();
    expect(page).toContain(`Account 1 of ${ada.subject}`);
    expect(page).toContain('Signed in as ada@example.com');
    expect(page).toContain('Not you?');
    expect(await world.openedBy({ ...SIGNED_OUT, cookie })).toBe(ada.customer);
    const pressed = await world.visit('/billing/manage', {
      method: 'POST',
      headers: { ...PRESSED, cookie },
      body: new URLSearchParams({ customer: ada.customer }),
    });
    expect(pressed.status).toBe(303);
  });

  it('the session ends after an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_540_000 });
    expect((await billing()).status).toBe(200);
    vi.setSystemTime(Date.now() + 130_000);
    expect((await billing()).status).toBe(401);
  });

  it('the site’s own token outranks it', async () => {
    const grace = await world.somebody();
    const page = await (await billing({ cookie: `${cookie}; ${grace.browser.cookie}` })).text();
    expect(page).toContain(`Account 1 of ${grace.subject}`);
    expect(page).not.toContain('Not you?');
    expect(
      await world.openedBy({ ...grace.browser, cookie: `${cookie}; ${grace.browser.cookie}` }),
    ).toBe(grace.customer);
  });

  it('stands in for the visitor’s own expired cookie, but not for cookies that conflict', async () => {
    const grace = await world.somebody();
    const stale = await world.visitor(ada.subject, { exp: 1 });
    expect((await billing({ cookie: `${cookie}; ${stale.browser.cookie}` })).status).toBe(200);
    const both = `session=${ada.token}; session=${grace.token}`;
    expect((await billing({ cookie: `${cookie}; ${both}` })).status).toBe(401);
  });

  it('does not stand in for a bad bearer token', async () => {
    expect((await billing({ authorization: 'Bearer junk' })).status).toBe(401);
  });

  it('does not open the API', async () => {
    const answer = await world.visit('/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(401);
  });

  it('a link is no session, and a session no link', async () => {
    const link = await signLink({ sub: ada.subject });
    expect((await billing({ cookie: `__Host-billing=${link}` })).status).toBe(401);
    const session = cookie.replace('__Host-billing=', '');
    expect((await world.look(session)).status).toBe(403);
    expect((await billing({ cookie: `session=${link}` })).status).toBe(401);
  });

  it('a session for another origin is none here', async () => {
    const [key] = await createLinkKeys([LINK_SECRET])();
    const session = {
      principal: { subject: ada.subject },
      method: 'link' as const,
      linkIssuedAt: Math.floor(Date.now() / 1000),
    };
    const elsewhere = await mintSession(session, 'https://other.example', key!, new Date());
    expect((await billing({ cookie: `__Host-billing=${elsewhere}` })).status).toBe(401);
    const here = await mintSession(session, ORIGIN, key!, new Date());
    expect((await billing({ cookie: `__Host-billing=${here}` })).status).toBe(200);
  });

  it('nobody but the cookie’s holder costs D1 another query', async () => {
    world.queries.length = 0;
    await world.visit('/billing/manage', { headers: ada.browser });
    expect(world.queries).toHaveLength(1);
  });
});

describe('signing out', () => {
  const signOut = async (headers: Record<string, string>) =>
    world.visit('/billing/sign-out', { method: 'POST', headers: { ...PRESSED, ...headers } });

  it('clears the cookies and asks anew', async () => {
    const gone = await signOut({ cookie });
    expect([gone.status, gone.headers.get('location')]).toEqual([303, '/billing']);
    const cleared = gone.headers.getSetCookie().join('\n');
    expect(cleared).toMatch(/__Host-billing=;.*Max-Age=0/);
    expect(cleared).toMatch(/__Host-portal=;.*Max-Age=0/);
    expect((await billing({ cookie: '' })).status).toBe(401);
  });

  it('is only for our own pages, and no link', async () => {
    expect((await signOut({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await world.visit('/billing/sign-out', { headers: SIGNED_OUT })).status).toBe(405);
  });

  it('is not offered to a visitor of the site’s own session', async () => {
    const page = await world.visit('/billing', { headers: ada.browser });
    expect(await page.text()).not.toContain('Sign out');
  });
});
