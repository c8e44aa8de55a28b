import * as fc from 'fast-check';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { allowedReturnUrl } from '../../src/portal/return-url.ts';
import { createWorld, ORIGIN, type Person, type World } from '../world.ts';

const ALLOWED = 'https://app.example';
const OTHERS = [ALLOWED, 'http://localhost:3000'];
// Once: it is a second's work to make.
const anyUrl = fc.webUrl();
const resolve = (wanted: string) => allowedReturnUrl(wanted, ORIGIN, OTHERS);

describe('an address to return to', () => {
  it.each([
    ['/account', `${ORIGIN}/account`],
    ['/account?tab=billing#card', `${ORIGIN}/account?tab=billing#card`],
    ['account', `${ORIGIN}/account`],
    ['?a=1', `${ORIGIN}/?a=1`],
    [`${ORIGIN}/x`, `${ORIGIN}/x`],
    [`${ORIGIN}:443/x`, `${ORIGIN}/x`],
    ['HTTPS://SHOP.EXAMPLE/x', `${ORIGIN}/x`],
    [`${ALLOWED}/settings`, `${ALLOWED}/settings`],
    ['http://localhost:3000/', 'http://localhost:3000/'],
    ['/..//x', `${ORIGIN}//x`],
    // Relative to a base of the same scheme, by the URL standard: a path of ours.
    ['https:evil.example', `${ORIGIN}/evil.example`],
    ['https:/evil.example', `${ORIGIN}/evil.example`],
    ['/%2F%2Fevil.example', `${ORIGIN}/%2F%2Fevil.example`],
  ])('may be %s', (wanted, resolved) => expect(resolve(wanted)).toBe(resolved));

  it.each([
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '\u0000//evil.example',
    'https:\\\\evil.example',
    'https:///evil.example',
    'ht\ntps://evil.example',
    'https://evil.example',
    'http://evil.example',
    'http://shop.example',
    'http://app.example',
    '//shop.example:8443',
    'https://shop.example:8443',
    'https://shop.example.',
    'https://shop.example.evil.example',
    'https://evilshop.example',
    'https://shop.example@evil.example',
    'https://shop.example:443@evil.example',
    'https://user@shop.example',
    'https://user:password@shop.example',
    'https://evil.example/https://shop.example',
    'https://evil.example#shop.example',
    'https://evil.example?shop.example',
    'https://evil.example\\shop.example',
    'https://evil.example\\@shop.example/..',
    'https://shop.example%2eevil.example',
    'https://shop.example%00.evil.example',
    'https://shop。example.evil.example',
    'https://evil。example',
    'https://ѕhop.example',
    'https://xn--hop-8dc.example',
    'https://shop.example\u202e',
    'https://[::1]',
    'https://127.0.0.1',
    'http://127.0.0.1:3000',
    'http://localhost:3001',
    'http://localhost',
    'https://localhost:3000',
    'http://localhost.evil.example:3000',
    'https://0x7f.1',
    'https://2130706433',
    'https://app.example:444',
    'https://app.example.',
    'https://sub.app.example',
    'https://app.example@evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'javascript://shop.example/%0aalert(1)',
    'data:text/html,<script>',
    'blob:https://shop.example/x',
    'filesystem:https://shop.example/x',
    'file:///etc/passwd',
    'ftp://shop.example',
    'ws://shop.example',
    'wss://shop.example',
    'mailto:a@shop.example',
    'tel:1',
    'about:blank',
    'view-source:https://shop.example',
    'intent://shop.example',
    'shop:https://shop.example',
    'https://',
    'https://:443',
    '//',
    'http:',
    'null:',
    'https://shop.example:99999',
    'https://sh op.example',
    'https://shop.example:80',
  ])('may not be %j', (wanted) => expect(resolve(wanted)).toBeNull());

  it('always has an allowed origin, whatever is wanted', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      ':',
      '@',
      '.',
      '?',
      '#',
      '\t',
      '\n',
      '%2f',
      'https',
      'javascript',
      'evil.example',
      'shop.example',
      'app.example',
      'localhost',
    );
    const wanted = fc.oneof(
      fc.string(),
      anyUrl,
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(wanted, (text) => {
        const resolved = resolve(text);
        return resolved === null || [ORIGIN, ...OTHERS].includes(new URL(resolved).origin);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('return_to', () => {
  let world: World;
  let ada: Person;

  beforeEach(async () => {
    world = await createWorld({ ALLOWED_ORIGINS: ALLOWED });
    ada = await world.somebody();
  });

  const returnUrls = () =>
    world
      .callsTo('/v1/billing_portal/sessions')
      .map(({ parameters }) => parameters['return_url'] as string);
  const call = async (body: unknown) =>
    world.visit('/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { ...ada.bearer, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('is where the portal leads back to', async () => {
    await world.visit(`/billing/manage?return_to=${ALLOWED}/settings`, { headers: ada.browser });
    await call({ return_to: '/account' });
    expect(returnUrls()).toEqual([`${ALLOWED}/settings`, `${ORIGIN}/account`]);
  });

  it('falls back to /billing on the link, and is refused by the API with the reason', async () => {
    const link = '/billing/manage?return_to=https://evil.example';
    expect((await world.visit(link, { headers: ada.browser })).status).toBe(303);
    expect(returnUrls()).toEqual([`${ORIGIN}/billing`]);
    const refused = await call({ return_to: 'https://evil.example' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      code: 'return_to_refused',
      detail: expect.stringContaining('ALLOWED_ORIGINS'),
    });
    expect(returnUrls()).toHaveLength(1);
  });

  it('gives every session an allowed way back, whatever comes in', async () => {
    const hostile = fc.constantFrom(
      '//',
      '/\\',
      '\t//',
      'https:',
      '@',
      'evil.example',
      ALLOWED,
      ORIGIN,
      '.',
    );
    const wanted = fc.oneof(
      fc.string(),
      anyUrl,
      fc.array(hostile).map((parts) => parts.join('')),
    );
    const property = fc.asyncProperty(wanted, async (text) => {
      const query = new URLSearchParams({ return_to: text });
      const { status } = await world.visit(`/billing/manage?${query.toString()}`, {
        headers: ada.browser,
      });
      expect(status).toBe(303);
      expect([ORIGIN, ALLOWED]).toContain(new URL(returnUrls().at(-1)!).origin);
    });
    const numRuns = inject('soak') ? 300 : 100;
    await fc.assert(property, { numRuns });
    expect(world.sessionsMade()).toBeGreaterThanOrEqual(numRuns);
  });

  it('never leads a finished flow away from /billing', async () => {
    await world.visit(`/billing/manage?flow=payment_method_update&return_to=${ALLOWED}/x`, {
      headers: ada.browser,
    });
    expect(world.callsTo('/v1/billing_portal/sessions')[0]?.parameters).toMatchObject({
      return_url: `${ALLOWED}/x`,
      flow_data: { after_completion: { redirect: { return_url: `${ORIGIN}/billing` } } },
    });
  });
});
