import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, ISSUER, LIVE_KEY, ORIGIN, SIGNED_OUT, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const sessionParameters = () =>
  world.callsTo('/v1/billing_portal/sessions').map(({ parameters }) => parameters);

describe('GET /billing/manage', () => {
  it('sends a visitor with one customer to a fresh session', async () => {
    const { browser, customer } = await world.somebody();
    const first = await world.visit('/billing/manage', { headers: browser });
    const second = await world.visit('/billing/manage', { headers: browser });
    expect([first.status, second.status]).toEqual([303, 303]);
    const urls = [first, second].map((response) => response.headers.get('location')!);
    expect(urls[0]).toMatch(/^https:\/\/billing\.stripe\.com\/p\/session\/test_/);
    expect(urls[1]).not.toBe(urls[0]);
    expect(sessionParameters()[0]).toEqual({ customer, return_url: `${ORIGIN}/billing` });
  });

  it('makes exactly one D1 query and one call to Stripe', async () => {
    const { browser } = await world.somebody();
    await world.visit('/billing/manage', { headers: browser });
    const callsBefore = world.stripe.requests.length;
    world.queries.length = 0;
    await world.visit('/billing/manage', { headers: browser });
    expect(world.queries).toHaveLength(1);
    expect(world.stripe.requests.length - callsBefore).toBe(1);
  });

  it('is never cached, leaks no address and cannot be framed', async () => {
    const { browser } = await world.somebody();
    const { headers } = await world.visit('/billing/manage', { headers: browser });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).not.toContain('includeSubDomains');
  });

  it('returns to the configured origin, whatever host was asked', async () => {
    world = await createWorld({ PUBLIC_ORIGIN: 'https://www.shop.example' });
    const { browser } = await world.somebody();
    await world.visit('https://evil.example/billing/manage', { headers: browser });
    expect(sessionParameters()[0]).toMatchObject({
      return_url: 'https://www.shop.example/billing',
    });
  });

  it('passes on the configuration, the expiry setting and a language that Stripe knows', async () => {
    const configuration = await world.api.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    world = await createWorld({
      PORTAL_CONFIGURATION: configuration.id,
      PORTAL_AFTER_EXPIRATION: 'customer_login',
    });
    world.stripe.state.configurations.set(configuration.id, configuration as never);
    const { browser } = await world.somebody();
    for (const locale of ['pt-br', 'de-AT', 'tlh']) {
      await world.visit(`/billing/manage?locale=${locale}`, { headers: browser });
    }
    expect(sessionParameters()).toMatchObject([
      {
        configuration: configuration.id,
        after_expiration: { type: 'customer_login' },
        locale: 'pt-BR',
      },
      { locale: 'de' },
      expect.not.objectContaining({ locale: expect.anything() }),
    ]);
  });

  it('sends somebody who is signed out to sign in and back', async () => {
    const response = await world.visit('/billing/manage', { headers: SIGNED_OUT });
    expect(response.status).toBe(303);
    const location = new URL(response.headers.get('location')!);
    expect(location.origin).toBe(ISSUER);
    expect(location.searchParams.get('return_to')).toMatch(`${ORIGIN}/billing/manage`);
  });

  it('never repeats a signed link’s token to the sign-in page', async () => {
    const response = await world.visit('/billing/manage?token=secret', { headers: SIGNED_OUT });
    const page = await response.text();
    expect(page).toContain(`href="${ISSUER}/sign-in?return_to=`);
    expect(page).not.toContain('secret');
  });

  it('asks to sign in on a page of its own where there is no sign-in address', async () => {
    world = await createWorld({ SIGN_IN_URL: '' });
    const response = await world.visit('/billing/manage', { headers: SIGNED_OUT });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="billing"');
    expect(await response.text()).toContain('Please sign in');
  });

  it('tells a client that reads JSON to sign in', async () => {
    const response = await world.visit('/billing/manage', {
      headers: { accept: 'application/json' },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'sign_in_required', status: 401 });
  });

  it('tells somebody without a customer that a purchase comes first', async () => {
    const { browser } = await world.somebody({ customers: 0 });
    const response = await world.visit('/billing/manage', { headers: browser });
    expect(response.status).toBe(404);
    const page = await response.text();
    expect(page).toContain('Nothing to manage yet');
    expect(page).toContain(`href="${ORIGIN}/pricing"`);
    expect(world.sessionsMade()).toBe(0);
  });

  it('asks the primary before it says so', async () => {
    const { browser } = await world.somebody({ customers: 0 });
    await world.visit('/billing/manage', { headers: browser });
    // Again after the search: somebody else's may have ended meanwhile.
    expect(world.sessions).toEqual(['first-unconstrained', 'first-primary', 'first-primary']);
  });

  it('opens a customer or subscription that has not come to the replica yet', async () => {
    const grace = await world.somebody({ customers: 2 });
    const [, second = ''] = grace.customers;
    const { id } = await world.subscribe(second);
    await world.sync(second);
    world.lag([second]);
    for (const query of [`customer=${second}`, `subscription=${id}`]) {
      const { status } = await world.visit(`/billing/manage?${query}`, { headers: grace.browser });
      expect([
        status,
        world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'],
      ]).toEqual([303, second]);
    }
  });

  it('believes the primary where a replica lags, without asking Stripe', async () => {
    const { browser } = await world.somebody();
    world.lag();
    expect((await world.visit('/billing/manage', { headers: browser })).status).toBe(303);
    expect(world.callsTo('/v1/customers/search')).toEqual([]);
  });

  it('offers the choice to somebody with several customers', async () => {
    const { browser, customers } = await world.somebody({ customers: 2 });
    const response = await world.visit('/billing/manage', { headers: browser });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/billing']);
    const chosen = await world.visit(`/billing/manage?customer=${customers[1]}`, {
      headers: browser,
    });
    expect(chosen.status).toBe(303);
    expect(sessionParameters()).toMatchObject([{ customer: customers[1] }]);
  });

  it.each(['another person’s', 'an unknown'])('answers %s customer id alike', async (whose) => {
    const { browser } = await world.somebody();
    const other = await world.somebody();
    const asked = whose === 'an unknown' ? 'cus_unknown' : other.customer;
    const response = await world.visit(`/billing/manage?customer=${asked}`, { headers: browser });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-error-code')).toBe('customer_not_yours');
    expect(world.sessionsMade()).toBe(0);
  });

  it('does not know customers of the other mode', async () => {
    const { browser } = await world.somebody();
    world.configure({ STRIPE_SECRET_KEY: LIVE_KEY });
    const response = await world.visit('/billing/manage', { headers: browser });
    expect(response.status).toBe(404);
    expect(world.sessionsMade()).toBe(0);
  });

  it('does not know deleted customers', async () => {
    const { browser, customer } = await world.somebody();
    await world.api.customers.del(customer);
    await world.sync(customer);
    const response = await world.visit('/billing/manage', { headers: browser });
    expect(response.status).toBe(404);
    expect(world.sessionsMade()).toBe(0);
  });

  it('learns from Stripe that a customer is gone', async () => {
    const { browser, customer } = await world.somebody();
    await world.api.customers.del(customer);
    const first = await world.visit('/billing/manage', { headers: browser });
    expect(first.status).toBe(404);
    expect(await first.text()).toContain('Nothing to manage yet');
    await world.visit('/billing/manage', { headers: browser });
    expect(world.sessionsMade()).toBe(1);
  });

  it('goes on to the customer that was made anew', async () => {
    const { browser, subject, customer } = await world.somebody();
    await world.api.customers.del(customer);
    const anew = await world.api.customers.create({ metadata: { user_id: subject } });
    const response = await world.visit('/billing/manage', { headers: browser });
    expect(response.status).toBe(303);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer']).toBe(
      anew.id,
    );
  });
});

describe('what merely looks at the link', () => {
  it.each<[string, number, RequestInit]>([
    ['a link checker’s HEAD', 200, { method: 'HEAD' }],
    ['a prefetch', 503, { headers: { 'sec-purpose': 'prefetch' } }],
    ['a prerender', 503, { headers: { 'sec-purpose': 'prefetch;prerender' } }],
    ['an older prefetch', 503, { headers: { purpose: 'prefetch' } }],
    ['an image', 403, { headers: { 'sec-fetch-dest': 'image' } }],
    ['a frame', 403, { headers: { 'sec-fetch-dest': 'iframe' } }],
    ['a script’s fetch()', 403, { headers: { 'sec-fetch-dest': 'empty' } }],
  ])('makes no session: %s', async (_, status, { method, headers }) => {
    const { browser } = await world.somebody();
    const response = await world.visit('/billing/manage', {
      method: method ?? 'GET',
      headers: { ...browser, ...(headers as Record<string, string>) },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(world.sessionsMade()).toBe(0);
  });

  it('asks a script that fetches it to navigate instead', async () => {
    const { browser } = await world.somebody();
    const response = await world.visit('/billing/manage', {
      headers: { ...browser, accept: '*/*', 'sec-fetch-dest': 'empty' },
    });
    const problem = await response.json<{ code: string; detail: string }>();
    expect(problem.code).toBe('navigation_required');
    expect(problem.detail).toContain('POST /api/stripe/create-portal-session');
  });
});

describe('POST /billing/manage', () => {
  const press = (headers: Record<string, string>, form: Record<string, string> = {}) =>
    world.visit('/billing/manage', { method: 'POST', headers, body: new URLSearchParams(form) });

  it('opens the portal from our own page', async () => {
    const { browser, customers } = await world.somebody({ customers: 2 });
    const headers = { ...browser, 'sec-fetch-site': 'same-origin' };
    const response = await press(headers, { customer: customers[1]! });
    expect(response.status).toBe(303);
    expect(sessionParameters()).toMatchObject([{ customer: customers[1] }]);
  });

  it('knows our own page by its origin where the browser sends no fetch metadata', async () => {
    const { bearer } = await world.somebody();
    expect((await press({ ...bearer, origin: ORIGIN })).status).toBe(303);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site', origin: 'https://blog.shop.example' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nowhere', {}],
    ['another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: ORIGIN }],
  ])('refuses a form from %s', async (_, headers) => {
    const { browser } = await world.somebody();
    const { 'sec-fetch-site': __, ...cookies } = browser;
    const response = await press({ ...cookies, ...headers });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-error-code')).toBe('cross_site_request');
    expect(world.sessionsMade()).toBe(0);
  });

  it('takes forms as browsers send them, and nothing else', async () => {
    const { bearer } = await world.somebody();
    const response = await world.visit('/billing/manage', {
      method: 'POST',
      headers: { ...bearer, origin: ORIGIN, 'content-type': 'multipart/form-data; boundary=x' },
      body: 'junk',
    });
    expect(response.status).toBe(415);
  });

  it('refuses more than a form can hold', async () => {
    const { bearer } = await world.somebody();
    const response = await press({ ...bearer, origin: ORIGIN }, { customer: 'x'.repeat(20_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'request_too_large' });
  });
});
