import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, type World } from '../world.ts';
import { createBrowser, OPENID_ISSUER, createSignInWorld } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;

beforeEach(async () => {
  ({ world, provider, browser } = await createSignInWorld());
});

const isSignedIn = () => browser.cookie('__Host-account') !== undefined;
const calls = (path: string) => provider.requests.filter((request) => request.path === path);

/** The code that a page of the Worker names. */
const codeOn = async (response: Response) => response.headers.get('x-error-code') ?? undefined;

describe('an answer that belongs to no attempt of this browser', () => {
  it('signs nobody in: an attacker’s code in a victim’s browser (sign-in CSRF)', async () => {
    const attacker = createBrowser(world, provider);
    const answer = await attacker.answerTo(await attacker.beginAt('/billing/manage'));
    const response = await browser.ask(answer);
    expect(response.status).toBe(400);
    expect(await codeOn(response)).toBe('sign_in_unfinished');
    expect(isSignedIn()).toBe(false);
    expect(calls('/token')).toEqual([]);
  });

  it('signs nobody in with a stolen state: the cookie is missing', async () => {
    const url = await browser.beginAt('/billing/manage');
    const stolen = url.searchParams.get('state');
    browser.jar.clear();
    const response = await browser.ask(
      `/billing/callback?code=x&state=${stolen}&iss=${OPENID_ISSUER}`,
    );
    expect(await codeOn(response)).toBe('sign_in_unfinished');
    expect(calls('/token')).toEqual([]);
  });

  it('signs nobody in with a state that only begins like the right one', async () => {
    const url = await browser.beginAt('/billing/manage');
    const state = (url.searchParams.get('state') ?? '').slice(0, 12);
    const response = await browser.ask(
      `/billing/callback?code=x&state=${state}AAA&iss=${OPENID_ISSUER}`,
    );
    expect(await codeOn(response)).toBe('sign_in_unfinished');
    expect(calls('/token')).toEqual([]);
  });

  it('takes an attempt once: the page loaded again, or a code that is sent again', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    const cookies = new Map(browser.jar);
    await browser.ask(answer);
    expect((await browser.ask(answer)).headers.get('location')).toBe('/billing');
    // A browser whose cookies somebody copied before: the provider takes a code once.
    browser.jar.clear();
    for (const [name, { value }] of cookies) browser.put(name, value);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
    expect(isSignedIn()).toBe(false);
  });

  it('takes no attempt after ten minutes', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });

  it('takes no session for an attempt', async () => {
    await browser.visit('/billing/manage');
    const session = browser.cookie('__Host-account')!;
    const answer = await browser.answerTo(await browser.beginAt('/billing/authorize'));
    browser.put(browser.attempts()[0]!, session);
    browser.jar.delete('__Host-account');
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });

  it('takes no attempt of another deployment', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    world.configure({
      LINK_SECRET: 'another secret of the links with 32 characters',
    } as Partial<Env>);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });

  it('ignores attempts that a subdomain or plain http could have set', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    const [name, { value }] = [...browser.jar][0]!;
    browser.jar.clear();
    browser.put(name.replace('__Host-', ''), value);
    browser.put(`\u00a0${name}`, value);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });
});

describe('several tabs', () => {
  it('sign in one by one, each to where it was going', async () => {
    const first = await browser.beginAt('/billing/manage?locale=de');
    const second = await browser.beginAt('/billing/manage?locale=fr');
    await browser.follow(await browser.ask(await browser.answerTo(first)));
    await browser.follow(await browser.ask(await browser.answerTo(second)));
    const locales = world
      .callsTo('/v1/billing_portal/sessions')
      .map(({ parameters }) => parameters['locale']);
    expect(locales).toEqual(['de', 'fr']);
  });

  it('hold three attempts at most: the oldest goes', async () => {
    const urls: URL[] = [];
    for (let tab = 0; tab < 5; tab += 1) urls.push(await browser.beginAt('/billing/manage'));
    expect(browser.attempts()).toHaveLength(3);
    const [oldest, newest] = [urls[0]!, urls[4]!];
    expect(await codeOn(await browser.ask(await browser.answerTo(oldest)))).toBe(
      'sign_in_unfinished',
    );
    await browser.ask(await browser.answerTo(newest));
    expect(isSignedIn()).toBe(true);
  });
});

describe('the way back', () => {
  it.each([
    'https://evil.example/billing',
    '//evil.example/billing',
    '/\\evil.example',
    '/api/links',
    'javascript:alert(1)',
    '/billing/sign-out',
    '/billing/callback?code=x',
  ])('is ours, whatever the address asks for: %s', async (to) => {
    const page = await browser.visit(`/billing/authorize?to=${encodeURIComponent(to)}`);
    expect(page.status).toBe(200);
    const location = (
      await browser.ask(`/billing/authorize?to=${encodeURIComponent(to)}`)
    ).headers.get('location');
    expect(new URL(location ?? '').origin).toBe(OPENID_ISSUER);
  });

  it('leaves out a return address that is too long for a cookie, and keeps the rest', async () => {
    const long = `https://shop.example/${'x'.repeat(4_000)}`;
    await browser.visit(`/billing/manage?locale=de&return_to=${long}`);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters).toMatchObject({
      locale: 'de',
      return_url: 'https://shop.example/billing',
    });
  });

  it('never carries a signed link’s token', async () => {
    const url = await browser.beginAt(
      '/billing/authorize?to=%2Fbilling%2Fmanage%3Ftoken%3Dx.y.z%26locale%3Dde',
    );
    const response = await browser.ask(await browser.answerTo(url));
    expect(response.headers.get('location')).toBe('/billing/manage?locale=de&signed_in=1');
  });
});

describe('a loop', () => {
  it('ends on a page that says why, when the browser keeps no session', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    const back = (await browser.ask(answer)).headers.get('location') ?? '';
    browser.jar.clear();
    const response = await browser.ask(back);
    expect(response.status).toBe(401);
    expect(await codeOn(response)).toBe('sign_in_required');
  });

  it('ends on a page for somebody who has bought nothing', async () => {
    provider.signIn('stranger');
    const response = await browser.visit('/billing/manage');
    expect(await codeOn(response)).toBe('customer_not_found');
  });
});

it('counts an answer before the provider is asked, so that nobody floods it with codes', async () => {
  let left = 2;
  world.configure({ CLIENT_LIMIT: { limit: async () => ({ success: (left -= 1) >= 0 }) } });
  const headers = { 'cf-connecting-ip': '203.0.113.7' };
  const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
  const [name, { value }] = [...browser.jar][0]!;
  for (let times = 0; times < 5; times += 1) {
    browser.put(name, value);
    await browser.ask(answer.replace(/code=[^&]*/, `code=made-up-${times}`), { headers });
  }
  expect(calls('/token')).toHaveLength(2);
});

it('counts refused answers against the client’s limit', async () => {
  const limited: string[] = [];
  const CLIENT_LIMIT = {
    limit: async ({ key }: { key: string }) => ({ success: limited.push(key) < 3 }),
  };
  world.configure({ CLIENT_LIMIT });
  const headers = { 'cf-connecting-ip': '203.0.113.7' };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    statuses.push((await browser.ask('/billing/callback?state=x&code=y', { headers })).status);
  }
  expect(statuses).toEqual([400, 400, 429, 429]);
});

it('is no address where the site signs people in', async () => {
  const plain = await createWorld();
  for (const path of ['/billing/authorize', '/billing/callback']) {
    expect((await plain.visit(path)).status).toBe(404);
  }
});
