import { beforeEach, describe, expect, it, vi } from 'vitest';
import { moveToNewLocation } from '../location.ts';
import { ORIGIN, type Person, type World } from '../world.ts';
import { createBrowser, OPENID_ISSUER, openIdProvider, createSignInWorld } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;

beforeEach(async () => {
  ({ world, provider, browser, ada } = await createSignInWorld());
});

/** Whose portal the browser was sent to at last. */
const opened = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
const pass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

describe('the link, followed by a visitor without a cookie', () => {
  it('leads to the provider and ends in the portal', async () => {
    const response = await browser.visit('/billing/manage');
    expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    expect(opened()).toBe(ada.customer);
  });

  it('asks for a code by PKCE, with state and nonce, and no page is cached', async () => {
    const response = await browser.ask('/billing/manage');
    expect(response.status).toBe(303);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const url = new URL(response.headers.get('location') ?? '');
    expect(url.origin + url.pathname).toBe(`${OPENID_ISSUER}/authorize`);
    const {
      state,
      nonce,
      code_challenge: challenge,
      ...others
    } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({
      response_type: 'code',
      client_id: 'portal-link',
      redirect_uri: `${ORIGIN}/billing/callback`,
      scope: 'openid email',
      code_challenge_method: 'S256',
    });
    for (const each of [state, nonce, challenge]) expect(each).toMatch(/^[\w-]{43}$/);
    expect(new Set([state, nonce, challenge]).size).toBe(3);
  });

  it('keeps the whole intent: flow, customer, return address and language', async () => {
    world.allowAllFlows();
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const query = `flow=subscription_cancel&subscription=${id}&customer=${ada.customer}&locale=de&return_to=${ORIGIN}/there`;
    await browser.visit(`/billing/manage?${query}`);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters).toMatchObject({
      customer: ada.customer,
      locale: 'de',
      return_url: `${ORIGIN}/there`,
      flow_data: { type: 'subscription_cancel' },
    });
  });

  it('keeps what the visitor pressed on a page whose session has ended', async () => {
    await browser.visit('/billing/manage');
    pass(16);
    provider.signIn(ada.subject);
    const pressed = await browser.post('/billing/manage', { customer: ada.customer, locale: 'fr' });
    await browser.follow(pressed);
    expect(world.sessionsMade()).toBe(2);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['locale']).toBe('fr');
  });

  it('begins no attempt for a HEAD, a prefetch, a frame or a script', async () => {
    const looks: [string, Record<string, string>][] = [
      ['GET', { 'sec-purpose': 'prefetch' }],
      ['GET', { 'sec-fetch-dest': 'iframe' }],
      ['GET', { 'sec-fetch-dest': 'empty' }],
      ['HEAD', {}],
    ];
    for (const [method, headers] of looks) {
      for (const path of ['/billing/manage', '/billing/authorize?to=/billing']) {
        const response = await world.visit(path, {
          method,
          headers: { accept: 'text/html', ...headers },
        });
        expect(response.headers.get('location')).toBeNull();
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    }
    expect(provider.requests).toEqual([]);
  });

  it('answers an API client with 401, never with a redirect', async () => {
    const response = await world.visit('/billing/manage', {
      headers: { accept: 'application/json' },
    });
    expect(response.status).toBe(401);
  });
});

describe('our own session', () => {
  it('shows the page, without another look at the provider', async () => {
    await browser.visit('/billing');
    const button = await browser.visit('/billing/authorize?to=/billing');
    expect(await button.text()).toContain('Signed in as ada@example.com');
    const before = provider.requests.length;
    expect(await (await browser.visit('/billing')).text()).toContain(
      'Signed in as ada@example.com',
    );
    await browser.visit('/billing/manage');
    expect(provider.requests.length).toBe(before);
  });

  it('is a cookie of this host that no script reads, under 4 KB', async () => {
    await browser.visit('/billing/manage');
    const url = await browser.beginAt('/billing/authorize?to=/billing');
    const response = await browser.ask(await browser.answerTo(url));
    const line =
      response.headers.getSetCookie().find((each) => each.startsWith('__Host-account=')) ?? '';
    for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
      expect(line).toContain(part);
    expect(line).not.toContain('Domain');
    expect(line.length).toBeLessThan(1_000);
    expect(line).not.toContain(ada.subject);
  });

  it('never counts for the API', async () => {
    await browser.visit('/billing/manage');
    const response = await browser.ask('/api/stripe/create-portal-session', {
      body: new URLSearchParams(),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    });
    expect(response.status).toBe(401);
  });

  it('is outranked by a bearer token, which counts alone', async () => {
    const grace = await world.somebody();
    await browser.visit('/billing/manage');
    const exp = Math.floor(Date.now() / 1000) + 60;
    const token = await provider.sign({ sub: grace.subject, iss: OPENID_ISSUER, exp });
    await browser.ask('/billing/manage', { headers: { authorization: `Bearer ${token}` } });
    expect(opened()).toBe(grace.customer);
    const refused = await browser.ask('/billing/manage', {
      headers: { authorization: 'Bearer x' },
    });
    expect(refused.status).toBe(401);
  });
});

describe('a visitor on another host of ours', () => {
  it('signs in on the public one, and ends in the portal', async () => {
    const response = await browser.visit('https://www.shop.example/billing/manage?locale=de');
    expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['locale']).toBe('de');
  });
});

describe('what it costs', () => {
  const asked = () => provider.requests.splice(0).map(({ path }) => path);

  it('is two questions more for the first sign-in of an isolate, one for others, none with a session', async () => {
    await browser.visit('/billing/manage');
    expect(asked()).toEqual(['/.well-known/openid-configuration', '/authorize', '/token', '/keys']);
    await createBrowser(world, provider).visit('/billing/manage');
    expect(asked()).toEqual(['/authorize', '/token']);
    await browser.visit('/billing/manage');
    expect(asked()).toEqual([]);
  });
});

describe('signing out', () => {
  it('ends our session and leads to the provider, with the client’s id', async () => {
    await browser.visit('/billing/manage');
    const response = await browser.post('/billing/sign-out', {});
    const url = new URL(response.headers.get('location') ?? '');
    expect(url.origin + url.pathname).toBe(`${OPENID_ISSUER}/end`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'portal-link',
      post_logout_redirect_uri: `${ORIGIN}/billing/callback`,
      logout_uri: `${ORIGIN}/billing/callback`,
    });
    expect(browser.cookie('__Host-account')).toBeUndefined();
    expect((await browser.ask('/billing/callback')).headers.get('location')).toBe('/billing');
  });

  it('ends our session while the provider is down, too', async () => {
    await browser.visit('/billing/manage');
    world.configure({});
    moveToNewLocation();
    world.answerAt('openid.example', async () => new Response(null, { status: 500 }));
    const response = await browser.post('/billing/sign-out', {});
    expect(response.headers.get('location')).toBe('/billing');
    expect(browser.cookie('__Host-account')).toBeUndefined();
  });

  it('stays with us where the provider has no such address', async () => {
    provider = await openIdProvider(world, { metadata: { end_session_endpoint: undefined } });
    provider.signIn(ada.subject);
    browser = createBrowser(world, provider);
    await browser.visit('/billing/manage');
    const response = await browser.post('/billing/sign-out', {});
    expect(response.headers.get('location')).toBe('/billing');
  });
});
