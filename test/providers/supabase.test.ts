import { createServerClient } from '@supabase/ssr';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cookieNames, post, startOwnSite, type OwnSite } from './own-site.ts';
import { startSupabaseAuth } from './supabase-auth.ts';

const SUBJECT = '3f0d1a52-9f0e-4bb7-9d0c-3ad1c1f5a111';
// @supabase/ssr names it after the first label of the project's host.
const NAME = 'sb-127-auth-token';

let auth: Awaited<ReturnType<typeof startSupabaseAuth>>;
let site: OwnSite;
let customer: string;
let context: BrowserContext;
let page: Page;

/** The site's own server: it leaves all cookies to @supabase/ssr. */
async function theirs(request: Request): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  const { encoding, encode } = (await request.json()) as { encoding?: string; encode?: string };
  const { auth: client } = createServerClient(auth.url, 'anon-key', {
    cookies: {
      getAll: () => pairsIn(request.headers.get('cookie') ?? ''),
      setAll: (written) => {
        for (const { name, value, options } of written) {
          const age = Number(options['maxAge']);
          headers.append(
            'set-cookie',
            `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${age}`,
          );
        }
      },
      ...(encode !== undefined && { encode }),
    },
    ...(encoding !== undefined && { cookieEncoding: encoding }),
  });
  const isSigningIn = new URL(request.url).pathname === '/in';
  const { error } = isSigningIn
    ? await client.signInWithPassword({ email: 'ada@example.com', password: 'any' })
    : await client.signOut();
  if (error) throw error;
  return new Response('{}', { headers });
}

const pairsIn = (header: string) =>
  header.split('; ').map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return { name, value: decodeURIComponent(value) };
  });

beforeAll(async () => {
  auth = await startSupabaseAuth(SUBJECT);
  site = await startOwnSite(
    () => theirs,
    (origin) => ({
      AUTH_PROVIDER: 'supabase',
      AUTH_DOMAIN: auth.host,
      SIGN_IN_URL: `${origin}/sign-in?next={return_to}`,
    }),
  );
  customer = await site.customerOf(SUBJECT);
});
afterAll(async () => {
  auth?.stop();
  await site?.stop();
});

beforeEach(async () => {
  auth.describe({});
  context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  await page.goto(site.origin);
  return async () => context.close();
});

const signIn = async (how: object = {}) => post(page, '/in', how);

describe('the cookie that @supabase/ssr has written', () => {
  it('names the visitor, by settings alone', async () => {
    await signIn();
    expect(await cookieNames(context, site.origin)).toEqual([NAME]);
    auth.requests.length = 0;
    expect(await site.openedBy(page)).toBe(customer);
    const others = auth.requests.filter((line) => !line.endsWith('/.well-known/jwks.json'));
    expect(others).toEqual([]);
  });

  it.each([
    ['base64url', {}],
    ['raw', { encoding: 'raw' }],
  ])('does so in chunks, as a session of over 4 KB has them, in %s', async (_, how) => {
    auth.describe({ about: 'é%"'.repeat(250) });
    await signIn(how);
    const names = await cookieNames(context, site.origin);
    expect(names).toEqual(names.map((_name, number) => `${NAME}.${number}`));
    expect(names.length).toBeGreaterThan(1);
    expect(await site.openedBy(page)).toBe(customer);
    await context.clearCookies({ name: `${NAME}.0` });
    expect(await site.openedBy(page)).toBeUndefined();
    expect(page.url()).toContain(`${site.origin}/sign-in?next=`);
  });

  it.each([
    ['as JSON', { encoding: 'raw' }],
    ['without the user', { encode: 'tokens-only' }],
  ])('does so %s', async (_, how) => {
    await signIn(how);
    expect(await site.openedBy(page)).toBe(customer);
  });

  it('does so when it shrinks from chunks to one cookie', async () => {
    auth.describe({ about: 'x'.repeat(4_000) });
    await signIn();
    expect(await cookieNames(context, site.origin)).toContain(`${NAME}.1`);
    auth.describe({});
    await signIn();
    expect(await cookieNames(context, site.origin)).toEqual([NAME]);
    expect(await site.openedBy(page)).toBe(customer);
  });

  it('is gone after signing out, with all its chunks', async () => {
    auth.describe({ about: 'x'.repeat(4_000) });
    await signIn();
    await post(page, '/out', {});
    expect(await cookieNames(context, site.origin)).toEqual([]);
    expect(await site.openedBy(page)).toBeUndefined();
  });
});
