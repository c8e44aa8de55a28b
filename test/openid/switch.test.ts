import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastOpened } from '../signed-links.ts';
import type { Person, World } from '../world.ts';
import { createSignInWorld, type createBrowser } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

// The question whether to continue with another account.
const SWITCH = '/billing/switch?to=%2Fbilling';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;
let grace: Person;

beforeEach(async () => {
  ({ world, provider, browser, ada } = await createSignInWorld());
  await browser.visit('/billing/manage');
  grace = await world.somebody();
  provider.signIn(grace.subject);
});

const isStillAda = async () => {
  provider.signIn(ada.subject);
  await browser.visit('/billing/manage');
  return lastOpened(world) === ada.customer;
};

it('has an address of its own, which can be loaded again', async () => {
  const page = await browser.visit('/billing/authorize?to=/billing?locale=de');
  expect(await page.text()).toContain('Mit einem anderen Konto fortfahren?');
  const again = await browser.ask('/billing/switch?to=%2Fbilling%3Flocale%3Dde');
  expect(await again.text()).toContain('<html lang="de"');
  const french = await browser.ask('/billing/switch?to=%2Fbilling%3Flocale%3Dde&locale=fr');
  expect(await french.text()).toContain('<html lang="fr"');
});

it('is not answered from another site, by another form or by a link', async () => {
  await browser.visit('/billing/authorize?to=/billing');
  const cross = await browser.ask(SWITCH, { body: new URLSearchParams() });
  expect(cross.headers.get('x-error-code')).toBe('cross_site_request');
  await browser.ask(SWITCH);
  expect(await isStillAda()).toBe(true);
});

it('takes no session, no attempt, nothing broken and nothing old for an answer', async () => {
  await browser.visit('/billing/authorize?to=/billing');
  const wanted = browser.cookie('__Host-switch')!;
  await browser.ask('/billing/authorize');
  const wrongs = [
    browser.cookie('__Host-account')!,
    browser.cookie(browser.attempts()[0]!)!,
    wanted.slice(0, -2),
    'x',
  ];
  for (const wrong of wrongs) {
    browser.put('__Host-switch', wrong);
    await browser.post(SWITCH, {});
  }
  expect(await isStillAda()).toBe(true);
  vi.setSystemTime(Date.now() + 11 * 60_000);
  browser.put('__Host-switch', wanted);
  await browser.post(SWITCH, {});
  expect(await isStillAda()).toBe(true);
});

it('is answered by a press', async () => {
  await browser.visit('/billing/authorize?to=/billing/manage');
  await browser.follow(await browser.post('/billing/switch?to=%2Fbilling%2Fmanage', {}));
  expect(lastOpened(world)).toBe(grace.customer);
  expect(browser.cookie('__Host-switch')).toBeUndefined();
});

describe('is over', () => {
  let page: string;
  beforeEach(async () => {
    page = await (await browser.visit('/billing/authorize?to=/billing/manage')).text();
    expect(browser.cookie('__Host-switch')).toBeTruthy();
  });
  // As somebody would whose sign-in at the provider has ended.
  afterEach(async () => {
    expect(browser.cookie('__Host-switch')).toBeUndefined();
    const pressed = await browser.post(SWITCH, {});
    expect(pressed.headers.get('location')).toBe('/billing');
    expect((await browser.ask(SWITCH)).headers.get('location')).toBe('/billing');
  });

  it('for somebody who stays, and goes on to where they were going', async () => {
    const [, address, stay] =
      /action="([^"]+)"><button class="textual"[^>]* name="stay" value="(\w+)"/.exec(page)!;
    const made = world.sessionsMade();
    await browser.follow(await browser.post(address!, { stay: stay! }));
    expect(world.sessionsMade()).toBe(made + 1);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('after signing out', async () => {
    await browser.post('/billing/sign-out', {});
    expect(browser.cookie('__Host-account')).toBeUndefined();
  });

  it('when the session that it would replace is refused', async () => {
    browser.put('__Host-account', 'of before a rotation');
    await browser.ask('/billing');
    expect(browser.cookie('__Host-account')).toBeUndefined();
  });

  it('after the first person has signed in once more', async () => {
    provider.signIn(ada.subject);
    await browser.visit('/billing/authorize?to=/billing/manage');
    expect(lastOpened(world)).toBe(ada.customer);
  });
});
