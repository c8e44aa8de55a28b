import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorld, type Person, type World } from '../world.ts';
import { createBrowser, OPENID_ISSUER, OPENID_SETTINGS, openIdProvider } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;

beforeEach(async () => {
  world = await createWorld(OPENID_SETTINGS);
  provider = await openIdProvider(world);
  browser = createBrowser(world, provider);
  ada = await world.somebody();
  provider.signIn(ada.subject);
});

const isSignedIn = () => browser.jar.has('__Host-account');
const calls = (path: string) => provider.requests.filter((request) => request.path === path);

/** The code that a page of the Worker names. */
const codeOn = async (response: Response) =>
  /Reference: <code>(\w+)/.exec(await response.text())?.[1];

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
    for (const [name, value] of cookies) browser.jar.set(name, value);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
    expect(isSignedIn()).toBe(false);
  });

  it('takes no attempt after ten minutes', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });

  it('takes no attempt of another deployment, or another kind of sealed value', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    world.configure({
      LINK_SECRET: 'another secret of the links with 32 characters',
    } as Partial<Env>);
    expect(await codeOn(await browser.ask(answer))).toBe('sign_in_unfinished');
  });

  it('ignores attempts that a subdomain or plain http could have set', async () => {
    const answer = await browser.answerTo(await browser.beginAt('/billing/manage'));
    const [name, value] = [...browser.jar][0]!;
    browser.jar.clear();
    browser.jar.set(name.replace('__Host-', ''), value);
    browser.jar.set(`\u00a0${name}`, value);
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

  it('leaves out an intent that is too long for a cookie', async () => {
    await browser.visit(`/billing/manage?locale=${'x'.repeat(4_000)}`);
    expect(world.sessionsMade()).toBe(1);
  });

  it('never carries a signed link’s token', async () => {
    const page = await browser.ask('/billing/manage?token=x.y.z');
    expect(await page.text()).not.toContain('x.y.z');
  });
});

describe('the question whether to continue with another account', () => {
  const form = async () => {
    await browser.visit('/billing/manage');
    const grace = await world.somebody();
    provider.signIn(grace.subject);
    const text = await (await browser.visit('/billing/authorize?to=/billing')).text();
    const account = /name="account" value="([^"]+)"/.exec(text)?.[1] ?? '';
    expect(text).toContain(`Stay signed in`);
    return { account, to: '/billing', grace };
  };

  it('is not answered from another site', async () => {
    const { account, to } = await form();
    const body = new URLSearchParams({ account, to });
    const response = await browser.ask('/billing/callback', { body });
    expect(await codeOn(response)).toBe('cross_site_request');
  });

  it('takes no session, no attempt and no old answer for an answer', async () => {
    const { account, to } = await form();
    const session = browser.jar.get('__Host-account') ?? '';
    await browser.beginAt('/billing/authorize');
    const attempt = browser.jar.get(browser.attempts()[0] ?? '') ?? '';
    for (const wrong of [session, attempt, '', 'x', account.slice(0, -2)]) {
      const response = await browser.post('/billing/callback', { account: wrong, to });
      expect(await codeOn(response)).toBe('sign_in_unfinished');
    }
    vi.setSystemTime(Date.now() + 11 * 60_000);
    const late = await browser.post('/billing/callback', { account, to });
    expect(await codeOn(late)).toBe('sign_in_unfinished');
    expect(browser.jar.get('__Host-account')).toBe(session);
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
