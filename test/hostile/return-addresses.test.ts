import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ISSUER, ORIGIN, SIGNED_OUT, type Person } from '../world.ts';
import { generateAddresses } from './addresses.ts';

// Soak has 500 and more that lead elsewhere; about half of all are odd ways to write our own.
const cases = inject('soak') ? 400 : 30;
const ALLOWED = 'https://app.example';
const API_KEY = 'a key of the back end that is long enough';

let world: LinkWorld;
let ada: Person;
beforeAll(async () => {
  world = await createLinkWorld({ ALLOWED_ORIGINS: ALLOWED, LINK_API_KEY: API_KEY });
  ada = await world.somebody();
});

const addresses = generateAddresses(cases);

const HEADERS = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'allow',
  'cache-control',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'link',
  'location',
  'origin-agent-cluster',
  'referrer-policy',
  'retry-after',
  'server-timing',
  'set-cookie',
  'strict-transport-security',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
  'x-error-code',
  'x-request-id',
]);

/** Nothing that was sent has become a header, a cookie of another name, or a second answer. */
function expectOwnHeaders({ headers }: Response): void {
  for (const [name, text] of headers) {
    expect(HEADERS).toContain(name);
    if (name === 'link') expect(text).toBe('<https://billing.stripe.com>; rel=preconnect');
    expect(text).not.toMatch(/[\r\n\0]/);
  }
  for (const cookie of headers.getSetCookie()) {
    expect(cookie).toMatch(/^__Host-(?:portal|billing)=[^;]*; (?:Max-Age|Path)/);
  }
}

/** By another way than the code's: a way back that starts with an allowed origin and a slash. */
function expectAllowedWayBack(): void {
  const { return_url: wayBack } = world.callsTo('/v1/billing_portal/sessions').at(-1)!.parameters;
  expect(wayBack).toMatch(/^https:\/\/(?:shop|app)\.example\/[\x21-\x7e]*$/);
  expect((wayBack as string).length).toBeLessThanOrEqual(5000);
}

const encoded = (entries: Record<string, string>) => new URLSearchParams(entries).toString();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const timeout = 30_000 + cases * 200;

describe(`${cases} hostile addresses`, () => {
  it('are different ones, and at least a third of them lead elsewhere', () => {
    expect(new Set(addresses).size).toBe(cases);
    const foreign = addresses.filter((each) => {
      const url = URL.parse(each, ORIGIN);
      return ![ORIGIN, ALLOWED].includes(url?.origin ?? '');
    });
    expect(foreign.length).toBeGreaterThanOrEqual(cases / 3);
  });

  it(
    'lead nobody astray by the link and by the form',
    async () => {
      for (const wanted of addresses) {
        const query = encoded({ return_to: wanted });
        const linked = await world.visit(`/billing/manage?${query}`, { headers: ada.browser });
        expect(linked.status).toBe(303);
        expectOwnHeaders(linked);
        expectAllowedWayBack();
        const posted = await world.visit('/billing/manage', {
          method: 'POST',
          headers: { ...ada.browser, ...FORM, 'sec-fetch-site': 'same-origin' },
          body: query,
        });
        expect(posted.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\/p\//);
        expectOwnHeaders(posted);
        expectAllowedWayBack();
      }
    },
    timeout,
  );

  it(
    'are refused by the API, or are ours',
    async () => {
      for (const wanted of addresses) {
        const body = JSON.stringify({ return_to: wanted });
        const made = world.sessionsMade();
        const response = await world.visit('/api/stripe/create-portal-session', {
          method: 'POST',
          headers: { ...ada.bearer, ...JSON_TYPE },
          body,
        });
        expectOwnHeaders(response);
        expect([200, 400]).toContain(response.status);
        expect(world.sessionsMade() - made).toBe(response.status === 200 ? 1 : 0);
        if (response.status === 200) expectAllowedWayBack();
      }
    },
    timeout,
  );

  it(
    'lead nobody astray by a signed link, with any signer',
    async () => {
      for (const wanted of addresses) {
        const minted = await world.visit('/api/links', {
          method: 'POST',
          headers: { authorization: `Bearer ${API_KEY}`, ...JSON_TYPE },
          body: JSON.stringify({ subject: ada.subject, return_to: wanted }),
        });
        expect([201, 400]).toContain(minted.status);
        expectOwnHeaders(minted);
        const pressed = await world.press(
          await signLink({ sub: ada.subject, return_to: wanted }),
          PRESSED,
        );
        expect(pressed.status).toBe(303);
        expectOwnHeaders(pressed);
        expectAllowedWayBack();
      }
    },
    timeout,
  );

  it(
    'come back from signing in to our own address only',
    async () => {
      for (const wanted of addresses) {
        const query = encoded({ return_to: wanted, locale: wanted, customer: wanted });
        const response = await world.visit(`/billing/manage?${query}`, { headers: SIGNED_OUT });
        expectOwnHeaders(response);
        expect(response.status).toBe(303);
        const signIn = new URL(response.headers.get('location')!);
        expect(signIn.origin + signIn.pathname).toBe(`${ISSUER}/sign-in`);
        expect([...signIn.searchParams.keys()]).toEqual(['return_to']);
        const back = new URL(signIn.searchParams.get('return_to')!);
        expect(back.origin + back.pathname).toBe(`${ORIGIN}/billing/manage`);
      }
    },
    timeout,
  );

  it(
    'inject no header, wherever they stand in a request',
    async () => {
      for (const wanted of addresses) {
        const value = wanted.replaceAll(/[^\x21-\x7e]/g, '.').slice(0, 500) || '.';
        const headers = {
          ...SIGNED_OUT,
          'accept-language': value,
          cookie: `session=${value}; __Host-portal=${encodeURIComponent(wanted.toWellFormed())}; __Host-billing=${value}`,
          referer: value,
          origin: value,
          'x-forwarded-host': value,
          'x-forwarded-proto': 'http',
          forwarded: `host="${value}"`,
          'cf-ray': value,
        };
        for (const page of [
          '/billing',
          '/billing/manage',
          '/healthz',
          `/${encodeURIComponent(wanted.toWellFormed())}`,
        ]) {
          const response = await world.visit(page, { headers });
          expect(response.status).toBeLessThan(500);
          expectOwnHeaders(response);
          const location = response.headers.get('location');
          if (location !== null) expect(new URL(location).origin).toBe(ISSUER);
        }
      }
    },
    timeout,
  );
});
