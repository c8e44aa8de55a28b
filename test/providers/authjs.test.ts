import { Auth } from '@auth/core';
import { encode } from '@auth/core/jwt';
import Credentials from '@auth/core/providers/credentials';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cookieNames, startOwnSite, type OwnSite } from './own-site.ts';

const SECRET = 'the AUTH_SECRET of the site of 33+ bytes';
const OTHER = 'another AUTH_SECRET of the site: 33 bytes';
const NAME = 'authjs.session-token';
const SUBJECT = 'user_of_authjs';

/** How the site is configured. */
let secret: string | string[];
let useSecureCookies: boolean;
let extra: string;
let site: OwnSite;
let customer: string;
let context: BrowserContext;
let page: Page;

const config = () => ({
  secret,
  trustHost: true,
  basePath: '/api/auth',
  useSecureCookies,
  providers: [
    Credentials({
      credentials: { name: {} },
      authorize: () => ({ id: SUBJECT, email: 'ada@example.com' }),
    }),
  ],
  callbacks: {
    jwt: ({ token }: { token: object }) => ({ ...token, extra }),
    session: ({ session, token }: { session: { user: object }; token: { sub: string } }) => ({
      ...session,
      user: { ...session.user, id: token.sub },
    }),
  },
});

/** The endpoint of the recipe, with what `auth()` does in it: Auth.js answers for these cookies. */
async function billingSession({ url, headers }: Request): Promise<Response> {
  const cookie = headers.get('cookie') ?? '';
  const session = new Request(new URL('/api/auth/session', url), { headers: { cookie } });
  const answer = (await (await Auth(session, config())).json()) as {
    user?: { id: string; email: string };
  } | null;
  const user = answer?.user;
  return Response.json(user ? { sub: user.id, email: user.email } : null, {
    headers: { 'cache-control': 'private, no-store' },
  });
}

beforeAll(async () => {
  site = await startOwnSite(
    () => async (request) =>
      new URL(request.url).pathname === '/api/billing-session'
        ? billingSession(request)
        : Auth(request, config()),
    (origin) => ({ SIGN_IN_URL: `${origin}/sign-in?next={return_to}` }),
  );
  customer = await site.customerOf(SUBJECT);
});
afterAll(async () => site?.stop());

beforeEach(async () => {
  secret = SECRET;
  useSecureCookies = false;
  extra = '';
  site.questions.length = 0;
  context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  await page.goto(site.origin);
  return async () => context.close();
});

/** As Auth.js's own form does it. */
const send = async (path: string) =>
  page.evaluate(async (address) => {
    const answer: unknown = await (await fetch('/api/auth/csrf')).json();
    const body = new URLSearchParams({ ...(answer as { csrfToken: string }), name: 'ada' });
    await fetch(address, { method: 'POST', body, redirect: 'manual' });
  }, `${site.origin}/api/auth/${path}`);
const signIn = async () => send('callback/credentials');
const signOut = async () => send('signout');
const sessionCookies = async () =>
  (await cookieNames(context, site.origin)).filter((name) => name.includes('session-token'));

describe('the session cookie that Auth.js has set', () => {
  beforeAll(async () => site.configure({ AUTHJS_SECRET: `${SECRET},${OTHER}` }));

  it('names the visitor, and none is asked', async () => {
    await signIn();
    expect(await sessionCookies()).toEqual([NAME]);
    expect(await site.openedBy(page)).toBe(customer);
    expect(site.questions).toEqual([]);
  });

  it('does so under the name of https, which has a key of its own', async () => {
    useSecureCookies = true;
    await signIn();
    expect(await sessionCookies()).toEqual([`__Secure-${NAME}`]);
    expect(await site.openedBy(page)).toBe(customer);
  });

  it('does so in as many chunks as it takes', async () => {
    extra = 'x'.repeat(5_000);
    await signIn();
    expect(await sessionCookies()).toEqual([`${NAME}.0`, `${NAME}.1`]);
    expect(await site.openedBy(page)).toBe(customer);
    await context.clearCookies({ name: `${NAME}.1` });
    expect(await site.openedBy(page)).toBeUndefined();
  });

  it('does so when it shrinks from chunks to one cookie', async () => {
    extra = 'x'.repeat(5_000);
    await signIn();
    extra = '';
    await signIn();
    expect(await sessionCookies()).toEqual([NAME]);
    expect(await site.openedBy(page)).toBe(customer);
  });

  it('counts while the secret is rotated, whichever of them has sealed it', async () => {
    secret = [OTHER, SECRET];
    await signIn();
    expect(await site.openedBy(page)).toBe(customer);
  });

  it('names nobody with a secret that is not the site’s, nor after signing out', async () => {
    secret = 'a secret of another site, long enough too';
    await signIn();
    expect(await site.openedBy(page)).toBeUndefined();
    secret = SECRET;
    await context.clearCookies();
    await page.goto(site.origin);
    await signIn();
    await signOut();
    expect(await sessionCookies()).toEqual([]);
    expect(await site.openedBy(page)).toBeUndefined();
  });

  it('names nobody once it has expired, nor under another name', async () => {
    const token = { sub: SUBJECT };
    const expired = await encode({ token, secret: SECRET, salt: NAME, maxAge: -3_600 });
    const renamed = await encode({ token, secret: SECRET, salt: `__Secure-${NAME}` });
    const good = await encode({ token, secret: SECRET, salt: NAME });
    const opened: (string | undefined)[] = [];
    for (const value of [expired, renamed, good]) {
      await context.addCookies([{ name: NAME, value, url: site.origin }]);
      opened.push(await site.openedBy(page));
    }
    expect(opened).toEqual([undefined, undefined, customer]);
  });
});

describe('an endpoint of the site that asks Auth.js', () => {
  beforeAll(async () =>
    site.configure({ SESSION_PRESET: 'authjs', SESSION_URL: '/api/billing-session' }),
  );

  it('names the visitor, whose session stays as it is, in one cookie or in chunks', async () => {
    for (const length of [0, 5_000]) {
      extra = 'x'.repeat(length);
      await signIn();
      expect(await site.openedBy(page)).toBe(customer);
      await page.goto(site.origin);
    }
    expect(site.questions.map(({ path, setCookie }) => [path, setCookie])).toEqual([
      ['/api/billing-session', []],
      ['/api/billing-session', []],
    ]);
  });

  it('names nobody after signing out', async () => {
    await signIn();
    await signOut();
    expect(await site.openedBy(page)).toBeUndefined();
    expect(page.url()).toContain(`${site.origin}/sign-in?next=`);
  });

  it('is no substitute for Auth.js’s own, which would renew the session, and has no id', async () => {
    await signIn();
    const cookie = (await context.cookies(site.origin)).find(({ name }) => name === NAME);
    const headers = { cookie: `${NAME}=${cookie!.value}` };
    const own = await Auth(new Request(`${site.origin}/api/auth/session`, { headers }), {
      ...config(),
      callbacks: {},
    });
    expect(own.headers.getSetCookie().join()).toContain(`${NAME}=`);
    expect(await own.json()).toEqual({
      user: { email: 'ada@example.com' },
      expires: expect.any(String),
    });
  });
});
