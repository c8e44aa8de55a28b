import { describe, expect, it } from 'vitest';
import { createWorld, ISSUER } from '../world.ts';

const CONFIGURED = 'https://www.shop.example';
const EVIL = 'evil.example';

const spoofed: [what: string, url: string, headers: Record<string, string>][] = [
  ['another host', `https://${EVIL}`, {}],
  ['another port', 'https://www.shop.example:8443', {}],
  ['an odd port', 'https://www.shop.example:1', {}],
  ['a host with a dot at its end', 'https://www.shop.example.', {}],
  ['user and password', 'https://evil.example@www.shop.example', {}],
  ['Host', CONFIGURED, { host: EVIL }],
  ['X-Forwarded-Host', CONFIGURED, { 'x-forwarded-host': EVIL, 'x-forwarded-proto': 'http' }],
  ['X-Forwarded-Port', CONFIGURED, { 'x-forwarded-port': '1' }],
  ['Forwarded', CONFIGURED, { forwarded: `host=${EVIL};proto=http` }],
  [
    'X-Original-URL',
    CONFIGURED,
    { 'x-original-url': `https://${EVIL}/`, 'x-rewrite-url': '//evil' },
  ],
  ['Origin and Referer', CONFIGURED, { origin: `https://${EVIL}`, referer: `https://${EVIL}/` }],
];

describe.each(spoofed)('%s', (_what, url, headers) => {
  it('changes nothing of where the portal and the sign-in lead back to', async () => {
    const world = await createWorld({ PUBLIC_ORIGIN: CONFIGURED });
    const ada = await world.somebody();
    const opened = await world.visit(`${url}/billing/manage`, {
      headers: { ...ada.browser, ...headers },
    });
    expect(opened.status).toBe(303);
    const [session] = world.callsTo('/v1/billing_portal/sessions');
    expect(session!.parameters).toEqual({
      customer: ada.customer,
      return_url: `${CONFIGURED}/billing`,
    });

    const { cookie: _, ...signedOut } = ada.browser;
    const asked = await world.visit(`${url}/billing/manage?locale=de`, {
      headers: { ...signedOut, ...headers },
    });
    const signIn = new URL(asked.headers.get('location')!);
    expect(signIn.origin).toBe(ISSUER);
    const back = new URL(signIn.searchParams.get('return_to')!);
    expect(back.origin).toBe(CONFIGURED);
    expect(await asked.text()).not.toContain(EVIL);

    const page = await world.visit(`${url}/billing`, { headers: { ...ada.browser, ...headers } });
    expect(await page.text()).not.toContain(EVIL);
  });
});

it.each([
  '//evil.example/billing/manage',
  '/billing/manage//evil.example',
  '/billing/manage/..%2f..%2fevil.example',
  '/\\evil.example/billing/manage',
  '/billing/manage;@evil.example',
  '/https://evil.example/billing/manage',
])('finds nothing at the odd path %s', async (path) => {
  const world = await createWorld();
  const ada = await world.somebody();
  const response = await world.visit(`https://shop.example${path}`, { headers: ada.browser });
  expect(response.status).toBe(404);
  expect(response.headers.get('location')).toBeNull();
  expect(world.sessionsMade()).toBe(0);
});
