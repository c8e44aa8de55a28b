import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cookieNames, post, startOwnSite, type OwnSite } from './own-site.ts';

const QUESTION = '/api/auth/get-session?disableRefresh=true&disableCookieCache=true';
const ADA = { email: 'ada@example.com', password: 'a long password', name: 'Ada' };

const tables: Record<string, Record<string, unknown>[]> = {
  user: [],
  session: [],
  account: [],
  verification: [],
};
let isSecure = false;
/** What answers in place of the server with tables. */
let answerAll: ((request: Request) => Promise<Response>) | undefined;
let site: OwnSite;
let ada: string;
let context: BrowserContext;
let page: Page;

/** Its sessions are due for renewal at every look, and cached in a cookie: the worst of both. */
const createServer = (baseURL: string, useSecureCookies: boolean) =>
  betterAuth({
    baseURL,
    secret: 'the secret of the site that signs people in',
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    session: { updateAge: 0, cookieCache: { enabled: true, maxAge: 300 } },
    advanced: { useSecureCookies },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });

beforeAll(async () => {
  site = await startOwnSite(
    (origin) => {
      const [http, https] = [createServer(origin, false), createServer(origin, true)];
      return async (request) => answerAll?.(request) ?? (isSecure ? https : http).handler(request);
    },
    (origin) => ({
      SESSION_PRESET: 'better-auth',
      SIGN_IN_URL: `${origin}/sign-in?next={return_to}`,
    }),
  );
  const before = await site.browser.newContext();
  const first = await before.newPage();
  await first.goto(site.origin);
  const { user } = (await post(first, '/api/auth/sign-up/email', ADA)) as { user: { id: string } };
  ada = await site.customerOf(user.id);
  await before.close();
});
afterAll(async () => site?.stop());

beforeEach(async () => {
  isSecure = false;
  site.questions.length = 0;
  context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  await page.goto(site.origin);
  return async () => context.close();
});

const signIn = async () => post(page, '/api/auth/sign-in/email', ADA);

describe('somebody who signed in at Better Auth', () => {
  it('gets to the portal by the link, with no setting but the preset', async () => {
    await signIn();
    expect(await cookieNames(context, site.origin)).toEqual([
      'better-auth.session_data',
      'better-auth.session_token',
    ]);
    expect(await site.openedBy(page)).toBe(ada);
  });

  it('does so with the cookies of https, too', async () => {
    isSecure = true;
    await signIn();
    expect(await cookieNames(context, site.origin)).toContain('__Secure-better-auth.session_token');
    expect(await site.openedBy(page)).toBe(ada);
  });

  it('is recognised by one question, which renews no session and sets no cookie', async () => {
    await signIn();
    const before = JSON.stringify(tables['session']);
    await site.openedBy(page);
    expect(site.questions).toMatchObject([{ path: QUESTION, status: 200, setCookie: [] }]);
    const names = site.questions[0]?.headers['cookie']
      ?.split('; ')
      .map((each) => each.split('=')[0]);
    expect(names).toEqual(['better-auth.session_token']);
    expect(JSON.stringify(tables['session'])).toBe(before);
  });

  it('would have been renewed by a question without these parameters', async () => {
    await signIn();
    const cookie = (await context.cookies(site.origin))
      .map(({ name, value }) => `${name}=${value}`)
      .filter((pair) => pair.startsWith('better-auth.session_token'))
      .join('; ');
    const response = await fetch(`${site.origin}/api/auth/get-session`, { headers: { cookie } });
    expect(response.headers.getSetCookie().join()).toContain('better-auth.session_token=');
  });
});

describe('somebody who is no longer signed in', () => {
  it('signs in first after signing out', async () => {
    await signIn();
    await post(page, '/api/auth/sign-out', {});
    expect(await site.openedBy(page)).toBeUndefined();
    expect(page.url()).toContain(`${site.origin}/sign-in?next=`);
    expect(site.questions).toEqual([]);
  });

  it('signs in first when the session was ended elsewhere, whatever the cookies cache', async () => {
    await signIn();
    tables['session']!.length = 0;
    expect(await site.openedBy(page)).toBeUndefined();
    expect(page.url()).toContain(`${site.origin}/sign-in?next=`);
    expect(site.questions).toMatchObject([{ path: QUESTION, status: 200 }]);
  });

  it('signs in first when the session has expired', async () => {
    await signIn();
    for (const session of tables['session']!) session['expiresAt'] = new Date(0);
    expect(await site.openedBy(page)).toBeUndefined();
  });

  it('is nobody with a signature that is not the site’s', async () => {
    await signIn();
    const cookie = (await context.cookies(site.origin)).find(({ name }) =>
      name.endsWith('session_token'),
    );
    await context.addCookies([{ ...cookie!, value: `${cookie!.value.split('.')[0]}.forged` }]);
    expect(await site.openedBy(page)).toBeUndefined();
  });
});

describe('a Better Auth without a database, whose sessions are in its cookies', () => {
  const options = {
    secret: 'the secret of the site that signs people in',
    emailAndPassword: { enabled: true },
    session: { cookieCache: { enabled: true, maxAge: 300, strategy: 'jwe', refreshCache: true } },
    telemetry: { enabled: false },
  };
  const names = ['better-auth.session_token', 'better-auth.session_data*'];

  it('says who has signed in by settings besides the preset, and nobody without them', async () => {
    const baseURL = site.origin;
    // The one that signs people in has them in memory, and the other has not.
    const first = betterAuth({ ...options, baseURL });
    const second = betterAuth({ ...options, baseURL });
    answerAll = async (request) => (request.method === 'POST' ? first : second).handler(request);
    const { user } = (await post(page, '/api/auth/sign-up/email', ADA)) as { user: { id: string } };
    const customer = await site.customerOf(user.id);
    expect(await site.openedBy(page)).toBeUndefined();
    await site.configure({
      SESSION_URL: '/api/auth/get-session?disableRefresh=true',
      SESSION_COOKIES: names.join(', '),
    });
    expect(await site.openedBy(page)).toBe(customer);
    expect(site.questions.map(({ setCookie }) => setCookie)).toEqual([expect.any(Array), []]);
  });
});
