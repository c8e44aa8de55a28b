import { beforeEach, describe, expect, it } from 'vitest';
import { PRESSED, signLink, LINK_SECRET } from '../signed-links.ts';
import { type World } from '../world.ts';
import { NAVIGATION, go, state, opened, shop, useShop, visit, world } from './shop.ts';

useShop();

describe('beside other proofs', () => {
  let ada: Awaited<ReturnType<World['somebody']>>;
  let eve: typeof ada;
  const keys = {
    AUTH_JWKS_URL: 'https://id.example/.well-known/jwks.json',
    AUTH_ISSUER: 'https://id.example',
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
  };

  beforeEach(async () => {
    ada = await world.somebody();
    eve = await world.somebody();
    state.session = () => ({ subject: eve.subject });
  });

  it('a bearer token that settings let count stands alone', async () => {
    state.env = { ...state.env, ...keys };
    await go(shop(), { ...NAVIGATION, ...ada.bearer });
    expect([opened(), state.asked]).toEqual([ada.customer, 0]);
    const bad = await go(shop(), { ...NAVIGATION, authorization: 'Bearer bad' });
    expect([bad.status, state.asked]).toEqual([401, 0]);
  });

  it('without keys in the settings, a bearer token is the app’s to read', async () => {
    state.session = (request) =>
      request.headers.get('authorization') === 'Bearer of the app'
        ? { subject: eve.subject }
        : undefined;
    await go(shop(), { ...NAVIGATION, authorization: 'Bearer of the app' });
    expect(opened()).toBe(eve.customer);
    const response = await go(shop(), { ...NAVIGATION, ...ada.bearer });
    expect(response.headers.get('location')).toContain('/login');
  });

  it('a valid token of somebody else in a cookie: neither counts, and there is no loop', async () => {
    state.env = { ...state.env, ...keys };
    const { cookie } = ada.browser;
    const response = await visit(shop(), '/billing/manage?signed_in=1', {
      headers: { ...NAVIGATION, cookie },
    });
    expect([response.status, world.sessionsMade()]).toEqual([401, 0]);
    state.session = () => ({ subject: ada.subject });
    await go(shop(), { ...NAVIGATION, cookie });
    expect(opened()).toBe(ada.customer);
    state.session = () => undefined;
    await go(shop(), { ...NAVIGATION, cookie });
    expect(world.sessionsMade()).toBe(2);
  });

  it('a signed link of somebody else asks before it opens', async () => {
    state.env = { ...state.env, LINK_SECRET };
    const token = await signLink({ sub: ada.subject });
    const address = `/billing/manage?token=${token}`;
    const people = [ada.subject, eve.subject];
    const page = await visit(shop(), address, { headers: NAVIGATION }, people);
    expect(await page.text()).toContain('value="instead"');
    const body = new URLSearchParams({ token, open: 'link' });
    const press = { method: 'POST', headers: PRESSED, body };
    const pressed = await visit(shop(), '/billing/manage', press, people);
    expect([pressed.status, world.sessionsMade()]).toEqual([200, 0]);
  });
});
