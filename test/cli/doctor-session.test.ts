import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { openSite } from './loopback-site.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';

const NONE = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_COOKIE: '' };
const JSON_TYPE = { 'content-type': 'application/json' };

let site: Awaited<ReturnType<typeof openSite>>;

useWorkplaceWithD1();
beforeEach(async () => {
  site = await openSite();
  workplace.configure({
    ...NONE,
    PUBLIC_ORIGIN: site.origin,
    SIGN_IN_URL: `${site.origin}/in?next={return_to}`,
  });
});
afterEach(async () => {
  site.close();
});

const look = async (name: string, settings: Record<string, string> = {}) => {
  workplace.configure(settings);
  const { checks } = await diagnose(workplace);
  return checks.find(({ check }) => check === name);
};

describe('the session endpoint', () => {
  const asked = { SESSION_PRESET: 'express', SESSION_URL: '/me' };
  const endpoint = async () => look('session_endpoint', asked);

  it.each<[string, () => Response]>([
    [
      'null that no cache keeps',
      () => Response.json(null, { headers: { 'cache-control': 'private, no-store' } }),
    ],
    ['401', () => new Response(null, { status: 401 })],
    ['a redirect to sign in', () => Response.redirect(`${site.origin}/in`)],
  ])('is well if it answers %s to a cookie that is made up', async (_, answer) => {
    site.answer(answer);
    expect(await endpoint()).toMatchObject({ outcome: 'ok' });
    expect(site.cookies).toEqual(['connect.sid=made-up-by-doctor']);
  });

  it.each<[string, () => Response, string]>([
    ['500', () => new Response('oops', { status: 500 }), 'it answers 500'],
    ['404', () => new Response('nothing', { status: 404 }), 'it answers 404'],
    [
      'HTML',
      () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
      'is not JSON',
    ],
    [
      'out of a cache',
      () => new Response('null', { headers: { ...JSON_TYPE, age: '7' } }),
      'cache',
    ],
    ['with somebody', () => Response.json({ sub: '42' }), 'everybody would get this account'],
    ['by leading to /me/', () => Response.redirect(`${site.origin}/me/`, 301), 'recognises nobody'],
    [
      'by leading to the host with www',
      () => Response.redirect('https://www.shop.example/me', 301),
      'recognises nobody',
    ],
  ])('is a failure if it answers %s', async (_, answer, found) => {
    site.answer(answer);
    expect(await endpoint()).toMatchObject({
      outcome: 'failure',
      found: expect.stringContaining(found),
    });
  });

  it.each<[string, () => Response]>([
    ['may be kept by a cache', () => Response.json(null)],
    ['leads to another host', () => Response.redirect('https://login.example/in')],
  ])('is a warning if its answer %s', async (_, answer) => {
    site.answer(answer);
    expect(await endpoint()).toMatchObject({ outcome: 'warning' });
  });

  it('is a failure if nobody is there', async () => {
    site.close();
    expect(await endpoint()).toMatchObject({ outcome: 'failure' });
  });

  it('is not asked past a binding, nor looked for where the site is not asked', async () => {
    workplace.edit('wrangler.toml', { services: [{ binding: 'SITE', service: 'shop' }] });
    expect(await endpoint()).toMatchObject({ outcome: 'skipped' });
    expect(site.cookies).toEqual([]);
    expect(await look('session_endpoint', { SESSION_PRESET: '', SESSION_URL: '' })).toBeUndefined();
  });
});

describe('the way of the cookie', () => {
  const SHOP = 'https://shop.example';
  const reach = async (names: string, signIn: string, worker: string) =>
    look('cookie_reach', { AUTH_COOKIE: names, SIGN_IN_URL: signIn, PUBLIC_ORIGIN: worker });

  it.each([
    ['session', `${SHOP}/in`, SHOP, 'ok', 'the site’s own'],
    ['session', '/in', SHOP, 'ok', 'the site’s own'],
    ['__Host-s', `${SHOP}/in`, SHOP, 'ok', 'the site’s own'],
    ['__Host-s', `${SHOP}/in`, 'https://billing.shop.example', 'failure', 'never leaves'],
    ['session', `${SHOP}/in`, 'https://billing.shop.example', 'warning', 'Domain=shop.example'],
    [
      'session',
      'https://app.shop.example/in',
      'https://pay.shop.example',
      'warning',
      'Domain=shop',
    ],
    ['session', `${SHOP}/in`, 'https://billing.other.example', 'warning', 'no domain'],
    ['session', 'https://a.co.uk/in', 'https://b.co.uk', 'warning', 'no domain'],
    ['session', 'https://a.workers.dev/in', 'https://b.workers.dev', 'warning', 'no domain'],
    ['session', 'http://127.0.0.1:1/in', 'http://127.1.0.1:2', 'warning', 'no domain'],
    ['session', `${SHOP}/in`, 'http://localhost:8787', 'ok', 'on this machine'],
    ['session', '', SHOP, 'skipped', 'SIGN_IN_URL'],
    ['session', `${SHOP}/in`, '', 'skipped', 'PUBLIC_ORIGIN'],
    ['', `${SHOP}/in`, 'https://billing.other.example', 'ok', 'No cookie'],
  ])('of %s from %s to %s: %s', async (names, signIn, worker, outcome, found) => {
    expect(await reach(names, signIn, worker)).toMatchObject({
      outcome,
      found: expect.stringContaining(found),
    });
  });

  it('offers three ways out of the prefix __Host-', async () => {
    const finding = await reach('__Host-s', `${SHOP}/in`, 'https://billing.shop.example');
    for (const way of ['shop.example/billing*', 'AUTH_CLIENT_ID', 'signed links']) {
      expect(finding?.next).toContain(way);
    }
  });

  it('does not matter where people sign in at the provider', async () => {
    const client = { AUTH_CLIENT_ID: 'portal', AUTH_PROVIDER: 'clerk' };
    const settings = { ...client, AUTH_DOMAIN: site.host, SIGN_IN_URL: '' };
    workplace.write('.dev.vars', `LINK_SECRET=${'a secret of the links'.repeat(2)}\n`);
    workplace.edit('wrangler.toml', { secrets: { required: ['LINK_SECRET'] } });
    expect(await look('cookie_reach', settings)).toMatchObject({
      outcome: 'ok',
      found: 'None has to arrive: people sign in here.',
    });
  });

  it('begins at the host that is asked who a visitor is', async () => {
    const asked = { SESSION_PRESET: 'express', SESSION_URL: `${site.origin}/me` };
    expect(
      await look('cookie_reach', { ...asked, SIGN_IN_URL: 'https://login.example/in' }),
    ).toMatchObject({ outcome: 'ok' });
  });
});

describe('the other checks', () => {
  it('know a site that is asked', async () => {
    const asked = { SESSION_PRESET: 'better-auth' };
    expect(await look('identity_keys', asked)).toMatchObject({ outcome: 'ok' });
    expect(await look('identity_cookie', asked)).toMatchObject({
      outcome: 'ok',
      found: 'better-auth.session_token, __Secure-better-auth.session_token',
    });
  });

  it('know the secret of Auth.js, also one that only Cloudflare can see', async () => {
    const secrets = { STRIPE_SECRET_KEY: 'x', STRIPE_WEBHOOK_SECRET: 'y', AUTHJS_SECRET: 'z' };
    workplace.cloudflare.createWorker('portal-link', secrets);
    const { checks } = await diagnose(workplace, { remote: true });
    expect(checks.filter(({ check }) => /^identity_(?:keys|cookie)$/.test(check))).toMatchObject([
      { outcome: 'ok', found: 'The secret of Auth.js (AUTHJS_SECRET).' },
      { outcome: 'ok', found: 'authjs.session-token, __Secure-authjs.session-token' },
    ]);
  });

  it.each([
    ['clerk', 'clerk.shop.example', '__session'],
    ['supabase', 'abcdefgh.supabase.co', 'sb-abcdefgh-auth-token'],
  ])('know the cookie of the preset %s', async (AUTH_PROVIDER, AUTH_DOMAIN, found) => {
    expect(await look('identity_cookie', { AUTH_PROVIDER, AUTH_DOMAIN })).toMatchObject({
      outcome: 'ok',
      found,
    });
  });

  it('do not take such a site for one without accounts', async () => {
    workplace.edit('wrangler.toml', { send_email: [{ name: 'EMAIL' }] });
    const settings = { SESSION_PRESET: 'express', SESSION_URL: '/me', SIGN_IN_URL: '' };
    expect(await look('sign_in_url', settings)).toMatchObject({ outcome: 'warning' });
  });

  it('name a setting of the session once', async () => {
    workplace.configure({ SESSION_PRESET: 'django' });
    const { checks } = await diagnose(workplace);
    const named = checks.filter(({ found }) => found.includes('SESSION_URL'));
    expect(named).toMatchObject([{ check: 'settings', outcome: 'failure' }]);
    expect(checks.find(({ check }) => check === 'identity_keys')?.outcome).toBe('skipped');
  });

  it('ask whether a Worker on a route is in the way of the endpoint', async () => {
    workplace.cloudflare.createWorker('portal-link', {});
    const PUBLIC_ORIGIN = 'https://billing.shop.example';
    const SESSION_URL = 'https://shop.example/me';
    workplace.configure({
      PUBLIC_ORIGIN,
      SESSION_URL,
      SESSION_HOST: 'shop.example',
      SESSION_COOKIES: 'sid',
    });
    workplace.edit('wrangler.toml', { compatibility_flags: null });
    const reach = async () =>
      (await diagnose(workplace, { remote: true })).checks.find(
        ({ check }) => check === 'identity_reach',
      )?.outcome;
    expect(await reach()).toBe('warning');
    workplace.edit('wrangler.toml', { services: [{ binding: 'SITE', service: 'shop' }] });
    expect(await reach()).toBe('ok');
  });
});
