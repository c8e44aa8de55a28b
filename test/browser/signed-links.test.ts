import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCustomer, startSite, type Site } from './site.ts';

let site: Site;
let page: Page;

beforeAll(async () => {
  site = await startSite();
  await createCustomer(site.stripe, 'subscriber', 'Ada Lovelace');
  await createCustomer(site.stripe, 'agency', 'Client North');
});

afterAll(async () => site?.stop());

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await site.browser.newContext({ locale: 'en-US', ...options });
  page = await context.newPage();
  return page;
}

const signIn = async (account: string) =>
  page.goto(
    `${site.standInOrigin}/sign-in?account=${account}&return_to=${encodeURIComponent(`${site.origin}/billing`)}`,
  );
const main = async () => page.locator('main').innerText();
const isPortal = () => page.url().startsWith(`${site.standInOrigin}/p/session/`);
const manage = async () => page.getByRole('button', { name: 'Manage subscription' }).click();

beforeEach(async () => {
  await open();
  return async () => page.context().close();
});

describe('signing in by e-mail', () => {
  it('goes from the mail to the portal, back, recognised, out, and asks again', async () => {
    // D1 learns of the customer when they are first seen.
    await signIn('subscriber');
    await page.context().clearCookies();
    await page.goto(`${site.origin}/billing`);
    await page.getByRole('link', { name: 'Sign in by e-mail' }).click();
    await page.getByLabel('E-mail address').fill('ada.lovelace@example.com');
    const mail = await site.mailSentBy(async () =>
      page.getByRole('button', { name: 'Send link' }).click(),
    );
    expect(await main()).toContain('Check your inbox');
    const [link = ''] = /http\S+token=\S+/.exec(mail) ?? [];
    await page.goto(link);
    expect(await main()).toContain('a•••e@example.com');
    await manage();
    expect(isPortal()).toBe(true);
    await page.getByRole('link', { name: /Return to/ }).click();
    expect(page.url()).toBe(`${site.origin}/billing`);
    expect(await main()).toContain('Ada Lovelace');
    await manage();
    expect(isPortal()).toBe(true);
    await page.goto(`${site.origin}/billing`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(page.url()).toBe(`${site.origin}/billing`);
    expect(await main()).toContain('Sign in to see your plan');
    await page.reload();
    expect(await main()).toContain('Sign in to see your plan');
  });

  it('needs no JavaScript, and mails a new link for one that has expired', async () => {
    await open({ javaScriptEnabled: false });
    const expired = await site.signLink({ subject: 'subscriber' }, new Date(Date.now() - 9e8));
    await page.goto(expired);
    expect(await main()).toContain('This link has expired');
    const mail = await site.mailSentBy(async () =>
      page.getByRole('button', { name: 'Send a new link' }).click(),
    );
    const [link = ''] = /http\S+token=\S+/.exec(mail) ?? [];
    await page.goto(link);
    await manage();
    expect(isPortal()).toBe(true);
  });
});

describe('a mail scanner', () => {
  // A script in the page: unlike Playwright's evaluate(), it runs without a gesture of the user's.
  it.each([
    "document.querySelector('form').submit()",
    "document.querySelector('form').requestSubmit()",
    "document.querySelector('form').requestSubmit(document.querySelector('button'))",
    "document.querySelector('button').click()",
    "document.querySelector('button').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    "document.querySelector('button').focus(); document.querySelector('button').click()",
  ])('gets no session by %s', async (script) => {
    const link = await site.signLink({ subject: 'subscriber' });
    const before = site.sessionsMade();
    const sent: string[] = [];
    await page.route(/\/billing\/manage/, async (route) => {
      sent.push(route.request().method());
      return route.continue();
    });
    await page.addInitScript(
      `if (location.search.includes('token=')) addEventListener('load', () => { ${script} })`,
    );
    await page.goto(link);
    await page.getByText('Please press the button yourself').waitFor();
    expect(sent).toEqual(['GET', 'POST']);
    expect(site.sessionsMade()).toBe(before);
  });

  it('gets none by looking ten times and following every link; a person’s click then works', async () => {
    const link = await site.signLink({ subject: 'subscriber' });
    const before = site.sessionsMade();
    for (let times = 0; times < 10; times += 1) {
      expect((await fetch(link)).status).toBe(200);
      expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    }
    await page.goto(link);
    const addresses = await page.evaluate<string[]>('[...document.links].map((link) => link.href)');
    for (const address of addresses.filter((each) => each.startsWith('http')))
      await page.goto(address);
    expect(site.sessionsMade()).toBe(before);
    await page.goto(link);
    await manage();
    expect(isPortal()).toBe(true);
    expect(site.sessionsMade()).toBe(before + 1);
  });

  it('does not stand in the way of a key on the keyboard', async () => {
    await page.goto(await site.signLink({ subject: 'subscriber' }));
    await page.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.standInOrigin}/p/session/**`);
  });
});

describe('an attacker’s link', () => {
  it('names both, masked, and the visitor stays signed in', async () => {
    await signIn('subscriber');
    const before = site.sessionsMade();
    await page.goto(await site.signLink({ subject: 'agency', email: 'eve@evil.example' }));
    expect(await main()).toContain('subscriber@example.com');
    expect(await main()).toContain('e•••@evil.example');
    await page.getByRole('link', { name: 'Stay signed in as subscriber@example.com' }).click();
    expect(await main()).toContain('Ada Lovelace');
    expect(site.sessionsMade()).toBe(before);
  });

  it('opens another account only by the button that says so', async () => {
    await signIn('subscriber');
    await page.goto(await site.signLink({ subject: 'agency', email: 'eve@evil.example' }));
    await page.getByRole('button', { name: 'Continue as e•••@evil.example' }).click();
    expect(await page.locator('body').innerText()).toContain('client.north@example.com');
    await page.goto(`${site.origin}/billing`);
    expect(await main()).toContain('Ada Lovelace');
  });
});

describe('a link’s token', () => {
  /** The Referer of the navigation to this address; undefined if it has none. */
  async function refererAt(url: string, go: () => Promise<unknown>): Promise<string | undefined> {
    const navigation = page.waitForRequest(url);
    await go();
    await page.waitForURL(url);
    const { referer } = await (await navigation).allHeaders();
    return referer;
  }

  it('is sent to no page that its page leads to, not even of the same origin', async () => {
    await signIn('subscriber');
    const link = await site.signLink({ subject: 'agency', email: 'eve@evil.example' });
    await page.goto(link);
    const stay = page.getByRole('link', { name: /^Stay signed in/ });
    expect(await refererAt(`${site.origin}/billing`, async () => stay.click())).toBeUndefined();
    // As a link without `rel` would, which the page does not have today.
    for (const address of [`${site.origin}/healthz`, `${site.otherOrigin}/`]) {
      await page.goto(link);
      const follow = `Object.assign(document.createElement('a'), { href: '${address}' }).click()`;
      const referer = await refererAt(address, async () => page.evaluate(follow));
      expect(referer).toBe(`${site.origin}/`);
    }
  });

  it('is not in the Referer of its form, which still shows where it is', async () => {
    await page.goto(await site.signLink({ subject: 'subscriber' }));
    const posted = page.waitForRequest((request) => request.method() === 'POST');
    await manage();
    const { referer, origin } = await (await posted).allHeaders();
    expect([referer, origin]).toEqual([`${site.origin}/`, site.origin]);
    expect(isPortal()).toBe(true);
  });
});
