import * as fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ISSUER, ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

// Soak has 500 and more that lead elsewhere; about half of all are odd ways to write our own.
const cases = inject('soak') ? 700 : 30;
const ALLOWED = 'https://app.example';
const API_KEY = 'a key of the back end that is long enough';

let world: LinkWorld;
let ada: Person;
beforeAll(async () => {
  world = await createLinkWorld({ ALLOWED_ORIGINS: ALLOWED, LINK_API_KEY: API_KEY });
  ada = await world.somebody();
});

const maybe = (...values: string[]) => fc.constantFrom('', '', '', ...values);

const noise = maybe(
  '\t',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\u0000',
  '\u00a0',
  '\u00ad',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\v',
  '\u007f',
);
const scheme = fc.constantFrom(
  '',
  '',
  '',
  'https:',
  'https:',
  'https:',
  'http:',
  'http:',
  'HTTPS:',
  'https&colon;',
  'https%3a',
  'ht\ttps:',
  'javascript:',
  'data:text/html,',
  'blob:https:',
  'ftp:',
  'ws:',
  'view-source:https:',
  'intent:',
  'file:',
  'x-shop:',
);
const slashes = fc.constantFrom(
  '//',
  '//',
  '//',
  '//',
  '/',
  '',
  '///',
  '\\\\',
  '/\\',
  '\\/',
  '/\t/',
  '/\n/',
  '/./',
  '/..//',
  '%2f%2f',
  '//%2f',
  '\u2215\u2215',
  '/;/',
);
const userinfo = maybe(
  'shop.example@',
  'shop.example:443@',
  'user:password@',
  '@',
  ':@',
  'app.example%40',
  'https://shop.example@',
);
const host = fc.constantFrom(
  'shop.example',
  'app.example',
  'evil.example',
  'evil.example',
  'shop.example.evil.example',
  'evil.example#shop.example',
  'evil.example?shop.example',
  'evil.example\\shop.example',
  'evilshop.example',
  'shop.example.',
  'shop.example%2eevil.example',
  'shop.example%00.evil.example',
  'shop\u3002example',
  'evil\u3002example',
  'ѕhop.example',
  'shop.examplé',
  'ｓｈｏｐ.example',
  'SHOP.example',
  'localhost',
  '127.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0x7f.1',
  '2130706433',
  '169.254.169.254',
  'xn--hop-8dc.example',
  'xn--',
  '\u202eelpmaxe.pohs',
  '',
);
const port = maybe(':443', ':80', ':8443', ':0', ':99999', ':', ':443@evil.example', ':0443');
const path = maybe(
  '/',
  '/billing',
  '/../..//evil.example',
  '/%2e%2e/%2e%2e',
  '/\\evil.example',
  '?next=//evil.example',
  '#@evil.example',
  '/%0d%0aset-cookie:evil=1',
  '/\r\nset-cookie: evil=1',
  '/\r\n\r\n<script>alert(1)</script>',
  '/%E5%98%8A%E5%98%8Dset-cookie:evil=1',
  '/嘊嘍set-cookie: evil=1',
  '/\u0000location: https://evil.example',
  `/${'a'.repeat(6000)}`,
  `/${'%'.repeat(50)}`,
  '/\ud800',
  '/"><script>alert(1)</script>',
  "/';alert(1);//",
);
const hostileAddress = fc
  .tuple(noise, scheme, noise, slashes, noise, userinfo, host, port, path, noise)
  .map((parts) => parts.join(''));

/** So many different addresses. `SEED=…` makes the same ones again. */
function generate(count: number): string[] {
  const distinct = new Set<string>();
  for (let round = 0; distinct.size < count; round += 1) {
    const seed = inject('seed') + round;
    for (const each of fc.sample(hostileAddress, { numRuns: count, seed })) distinct.add(each);
  }
  return [...distinct].slice(0, count);
}
const addresses = generate(cases);

const HEADERS = new Set([
  'access-control-allow-credentials',
  'access-control-allow-origin',
  'allow',
  'cache-control',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
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
  'x-request-id',
]);

/** Nothing that was sent has become a header, a cookie of another name, or a second answer. */
function expectOwnHeaders({ headers }: Response): void {
  for (const [name, text] of headers) {
    expect(HEADERS).toContain(name);
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
const timeout = cases * 200;

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
