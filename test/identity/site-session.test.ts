import { describe, expect, it, vi } from 'vitest';
import { stopClock } from '../clock.ts';
import { listen } from '../log.ts';
import { ORIGIN } from '../world.ts';
import {
  ada,
  COOKIE,
  follow,
  NAVIGATION,
  opened,
  site,
  useBetterAuthSite,
  user,
  world,
} from './better-auth-site.ts';

useBetterAuthSite();

const codeOf = async (response: Response) => response.headers.get('x-error-code') ?? undefined;

describe('a site that is asked who a visitor is', () => {
  it('names the visitor, whose portal opens', async () => {
    await follow();
    expect(opened()).toBe(ada.customer);
  });

  it('gets the named cookies and nothing else of the visitor', async () => {
    await follow(`theirs=1; ${COOKIE}; better-auth.session_data=2; better-auth.session_token=old`, {
      'user-agent': 'Browser',
      'cf-connecting-ip': '203.0.113.7',
      referer: 'https://elsewhere.example/',
    });
    const [request] = site.asked;
    expect(request?.method).toBe('GET');
    expect(request?.url).toBe(
      `${ORIGIN}/api/auth/get-session?disableRefresh=true&disableCookieCache=true`,
    );
    expect(Object.fromEntries(request!.headers)).toEqual({
      accept: 'application/json',
      cookie: `${COOKIE}; better-auth.session_token=old`,
    });
    expect(request?.redirect).toBe('manual');
  });

  it('is not asked without one of these cookies, nor by a request that merely looks', async () => {
    await follow('session=x; xbetter-auth.session_token=y; better-auth.session_token=');
    await follow(`\u00a0${COOKIE}`);
    await world.visit('/billing/manage', { method: 'HEAD', headers: { cookie: COOKIE } });
    for (const headers of [{ 'sec-purpose': 'prefetch' }, { 'sec-fetch-dest': 'image' }]) {
      await world.visit('/billing/manage', { headers: { cookie: COOKIE, ...headers } });
    }
    expect(site.asked).toEqual([]);
  });

  it('is not asked when there is a bearer token, which counts alone', async () => {
    const response = await follow(COOKIE, { authorization: 'Bearer x' });
    expect(response.status).toBe(401);
    expect(site.asked).toEqual([]);
  });

  it('may answer with numbers for subjects, and with a verified address', async () => {
    await world.keep({ id: 'cus_numbered', subject: '42' });
    site.answer = () => user(42, { email: '42@example.com', emailVerified: true });
    const page = await world.visit(
      '/billing',
      { headers: { ...NAVIGATION, cookie: COOKIE } },
      () => {},
      ['42@example.com'],
    );
    expect(await page.text()).toContain('42@example.com');
  });

  it('counts for the API, too, under its rules', async () => {
    const response = await world.visit('/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { cookie: COOKIE, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(200);
    const other = await world.visit('/api/stripe/create-portal-session', {
      method: 'POST',
      headers: {
        cookie: COOKIE,
        'content-type': 'application/json',
        origin: 'https://evil.example',
      },
      body: '{}',
    });
    expect(other.status).toBe(403);
    expect(site.asked).toHaveLength(1);
  });
});

describe('an answer that names nobody', () => {
  it.each<[string, () => Response]>([
    ['null', () => Response.json(null)],
    ['an empty object', () => Response.json({})],
    ['a user of null', () => Response.json({ user: null })],
    ['a subject of null', () => user(null)],
    ['204', () => new Response(null, { status: 204 })],
    ['401', () => new Response('no', { status: 401 })],
    ['403', () => new Response('no', { status: 403 })],
    ['a redirect to sign in', () => Response.redirect('https://shop.example/sign-in')],
  ])('%s: the visitor signs in', async (_, nobody) => {
    site.answer = nobody;
    const response = await follow();
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toContain('/sign-in');
    expect(site.asked).toHaveLength(1);
  });
});

describe('an answer that does not count', () => {
  const json = { 'content-type': 'application/json' };
  const text = () => JSON.stringify({ user: { id: ada.subject } });

  it.each<[string, () => Response | Promise<Response>]>([
    ['500', () => new Response('oops', { status: 500 })],
    ['404', () => new Response('nothing here', { status: 404 })],
    ['HTML', () => new Response(text(), { headers: { 'content-type': 'text/html' } })],
    ['no JSON', () => new Response('{"user":', { headers: json })],
    ['a list', () => Response.json([{ id: ada.subject }])],
    ['a subject that is an object', () => user({ id: ada.subject })],
    ['a subject that is true', () => user(true)],
    [
      'an age: it came from a cache',
      () => new Response(text(), { headers: { ...json, age: '0' } }),
    ],
    [
      'a hit of Cloudflare’s cache',
      () => new Response(text(), { headers: { ...json, 'cf-cache-status': 'HIT' } }),
    ],
    [
      'a hit of another cache',
      () => new Response(text(), { headers: { ...json, 'x-cache': 'Hit from cloudfront' } }),
    ],
    [
      'a hit of Fastly’s',
      () => new Response(text(), { headers: { ...json, 'x-cache': 'MISS, HIT' } }),
    ],
    [
      'a hit of Azure’s',
      () => new Response(text(), { headers: { ...json, 'x-cache': 'TCP_HIT' } }),
    ],
    [
      'a hit of Vercel’s',
      () => new Response(text(), { headers: { ...json, 'x-vercel-cache': 'HIT' } }),
    ],
    [
      'a hit by RFC 9211',
      () => new Response(text(), { headers: { ...json, 'cache-status': 'Edge; hit; ttl=30' } }),
    ],
    ['over 64 KiB', () => user(ada.subject, { more: 'x'.repeat(70_000) })],
    ['a connection that breaks', () => Promise.reject(new TypeError('Network connection lost.'))],
  ])('%s: it is an outage, and nobody is signed out', async (_, outage) => {
    site.answer = outage;
    const response = await follow();
    expect(response.status).toBe(503);
    expect(await codeOf(response)).toBe('site_session_unavailable');
    expect(world.sessionsMade()).toBe(0);
  });

  it('is a silence of two seconds, too', async () => {
    const { pass } = stopClock();
    site.answer = async () => new Promise(() => {});
    world.answerAt('shop.example', async (request) => {
      const late = Promise.withResolvers<Response>();
      request.signal.addEventListener('abort', () => late.reject(request.signal.reason as Error));
      return late.promise;
    });
    const response = follow();
    await pass(2_000);
    expect((await response).status).toBe(503);
  });

  it.each<[string, Record<string, string>]>([
    ['a miss', { 'cf-cache-status': 'MISS', 'x-cache': 'MISS, MISS' }],
    ['no cache', { 'cf-cache-status': 'DYNAMIC', 'cache-status': 'Edge; fwd=bypass' }],
    ['its own words', { 'cache-control': 'private, no-store, stale-if-error=0' }],
  ])('is none of these: an answer with %s', async (_, headers) => {
    site.answer = () => new Response(text(), { headers: { ...json, ...headers } });
    await follow();
    expect(opened()).toBe(ada.customer);
  });

  it('is not replaced by an earlier one', async () => {
    await follow();
    vi.setSystemTime(Date.now() + 11_000);
    site.answer = () => new Response('oops', { status: 502 });
    expect((await follow()).status).toBe(503);
  });

  it('passes no cookie of the site on', async () => {
    site.answer = () =>
      Response.json({ user: { id: ada.subject } }, { headers: { 'set-cookie': 'theirs=1' } });
    expect((await follow()).headers.getSetCookie().join()).not.toContain('theirs');
  });
});

describe('what was learnt', () => {
  it('is remembered for ten seconds, for these cookies only', async () => {
    await follow();
    await follow();
    expect(site.asked).toHaveLength(1);
    const grace = await world.somebody();
    site.answer = () => user(grace.subject);
    await follow('better-auth.session_token=secret-of-grace');
    expect(opened()).toBe(grace.customer);
    expect(site.asked).toHaveLength(2);
    vi.setSystemTime(Date.now() + 10_001);
    await follow();
    expect(opened()).toBe(grace.customer);
    expect(site.asked).toHaveLength(3);
  });

  it('is forgotten when it names nobody: the next visit asks again', async () => {
    site.answer = () => Response.json(null);
    await follow();
    site.answer = () => user(ada.subject);
    await follow();
    expect(opened()).toBe(ada.customer);
  });

  it('is asked for at most as often as the limit of clients allows', async () => {
    let left = 2;
    world.configure({
      CLIENT_LIMIT: { limit: async () => ({ success: (left -= 1) >= 0 }) },
    });
    const statuses: number[] = [];
    for (const session of ['a', 'b', 'c']) {
      const response = await follow(`better-auth.session_token=${session}`, {
        'cf-connecting-ip': '203.0.113.7',
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([303, 303, 429]);
    expect(site.asked).toHaveLength(2);
  });
});

describe('coming back from signing in without a cookie', () => {
  it('has a code of its own', async () => {
    const response = await world.visit('/billing/manage?signed_in=1', { headers: NAVIGATION });
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('session_cookie_missing');
  });

  it('differs from a cookie that the site does not know any more', async () => {
    site.answer = () => new Response(null, { status: 301, headers: { location: '/elsewhere' } });
    const lines = listen('info');
    const headers = { ...NAVIGATION, cookie: COOKIE };
    const response = await world.visit('/billing/manage?signed_in=1', { headers });
    expect(await codeOf(response)).toBe('sign_in_required');
    expect(lines().at(-1)?.['token_refusal']).toBe('site: status 301');
  });
});
