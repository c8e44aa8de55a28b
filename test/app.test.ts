import { beforeEach, describe, expect, it, vi } from 'vitest';
import { brokenDatabase } from './database.ts';
import { createWorld, SIGNED_OUT, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

describe('a wrong configuration', () => {
  const wrong = { STRIPE_SECRET_KEY: 'hunter2', AUTH_ISSUER: '', BRAND_COLOR: 'blue' };

  it.each(['/billing', '/billing/manage', '/api/stripe/create-portal-session'])(
    'stops %s with every bad key and how to mend it',
    async (path) => {
      world = await createWorld(wrong);
      const method = path.startsWith('/api') ? 'POST' : 'GET';
      const response = await world.visit(path, { method, headers: { accept: 'application/json' } });
      expect(response.status).toBe(503);
      const text = await response.text();
      const { code, problems } = JSON.parse(text);
      expect(code).toBe('configuration_invalid');
      expect(problems.map(({ key }: { key: string }) => key).toSorted()).toEqual([
        'AUTH_ISSUER',
        'BRAND_COLOR',
        'STRIPE_SECRET_KEY',
      ]);
      expect(text).not.toContain('hunter2');
    },
  );

  it('is shown as a page to a browser', async () => {
    world = await createWorld(wrong);
    const response = await world.visit('/billing/manage', { headers: SIGNED_OUT });
    const html = await response.text();
    expect(html).toContain('Billing is temporarily unavailable');
    for (const key of Object.keys(wrong)) expect(html).toContain(key);
    expect(html).not.toContain('hunter2');
  });

  it('is what /healthz tells', async () => {
    world = await createWorld(wrong);
    const response = await world.visit('/healthz');
    expect(response.status).toBe(503);
    const { status, problems } = await response.json<{ status: string; problems: unknown[] }>();
    expect(status).toBe('unavailable');
    expect(problems).toHaveLength(3);
  });
});

describe('every other address', () => {
  it('is not found, as a page or as a problem', async () => {
    const page = await world.visit('/elsewhere', { headers: SIGNED_OUT });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('Page not found');
    const problem = await world.visit('/api/elsewhere', { headers: SIGNED_OUT });
    expect(await problem.json()).toMatchObject({ code: 'address_not_found', status: 404 });
  });

  it.each([
    ['DELETE', '/billing/manage', 'GET, HEAD, POST'],
    ['POST', '/billing', 'GET, HEAD'],
    ['GET', '/api/stripe/create-portal-session', 'POST'],
  ])('does not take %s %s', async (method, path, allow) => {
    const response = await world.visit(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await response.json()).toMatchObject({ code: 'method_not_allowed' });
  });
});

describe('what nobody foresaw', () => {
  it('is answered without its message, which may hold anything', async () => {
    const secret = 'sk_test_secret in a message';
    vi.spyOn(crypto, 'getRandomValues').mockImplementationOnce(() => {
      throw new TypeError(secret);
    });
    const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await world.visit('http://localhost/billing', { headers: SIGNED_OUT });
    expect(response.status).toBe(500);
    const said = (await response.text()) + lines.mock.calls.flat().join('');
    expect(said).toContain('unexpected');
    expect(said).not.toContain(secret);
  });
});

describe('the log', () => {
  it('holds neither token, e-mail address nor session URL of a visit', async () => {
    const spies = (['log', 'info', 'error', 'warn'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    );
    const ada = await world.somebody();
    await world.visit('/billing/manage', { headers: ada.browser });
    await world.visit('/billing/manage?token=abc', { headers: SIGNED_OUT });
    world.configure({ DB: brokenDatabase(`D1_ERROR: something with a parameter`) });
    await world.visit('/billing', { headers: ada.browser });
    await world.visit('/billing', { headers: { authorization: 'Bearer a.b.c' } });
    const lines = spies.flatMap((spy) => spy.mock.calls.flat().map(String)).join('\n');
    expect(lines).toContain('database_unavailable');
    expect(lines).not.toMatch(/user_\d|example\.com|eyJ|a\.b\.c|p\/session|token=abc|sk_test/);
  });
});
