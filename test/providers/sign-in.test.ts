import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProvider } from './provider.ts';
import { isSignedIn, sayWho, signInThere, startProviderSite, type ProviderSite } from './site.ts';

let site: ProviderSite;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  site = await startProviderSite();
  await site.configure('public');
});
afterAll(async () => site?.stop());

beforeEach(async () => {
  site.provider.requests.length = 0;
  context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  return async () => context.close();
});

const main = async () => page.locator('main').innerText();
const isPortal = (of = page) => of.url().startsWith(`${site.standInOrigin}/p/session/`);
const isProvider = (of = page) => of.url().startsWith(`${site.provider.issuer}/`);
const followLink = async (query = '') => {
  await page.goto(`${site.shopOrigin}/?${query}`);
  await page.getByRole('link', { name: 'Manage subscription' }).click();
};
/** How the provider was asked to treat the visitor, attempt by attempt. */
const prompts = () =>
  site.provider.requests
    .filter(({ endpoint }) => endpoint === 'authorize')
    .map(({ parameters }) => parameters['prompt']);
const forgetProvider = async () => context.clearCookies({ domain: '127.0.0.1' });
const forgetUs = async () => context.clearCookies({ domain: 'localhost' });

describe('the link on another host', () => {
  it('leads by the provider’s pages to the portal, and from there to the page', async () => {
    await followLink();
    expect(isProvider()).toBe(true);
    await signInThere(page, 'ada');
    expect(isPortal()).toBe(true);
    expect(site.sessions().at(-1)?.['customer']).toBe(site.customers.ada);
    await page.getByRole('link', { name: /Return to/ }).click();
    expect(page.url()).toBe(`${site.origin}/billing`);
    expect(await main()).toContain('Signed in as ada@example.com');
    expect(prompts()).toEqual([undefined]);
  });

  it('shows no page to somebody who is signed in at the provider', async () => {
    await followLink();
    await signInThere(page, 'ada');
    await forgetUs();
    await followLink();
    expect(isPortal()).toBe(true);
    expect(prompts()).toEqual([undefined, undefined]);
  });

  it('keeps flow and language on the way', async () => {
    await page.goto(`${site.origin}/billing/manage?flow=payment_method_update&locale=de`);
    await signInThere(page, 'ada');
    expect(site.sessions().at(-1)).toMatchObject({
      locale: 'de',
      flow_data: { type: 'payment_method_update' },
    });
  });

  it('works in two tabs at once, whichever is first', async () => {
    const other = await context.newPage();
    await page.goto(`${site.origin}/billing/manage?locale=de`);
    await other.goto(`${site.origin}/billing/manage?locale=fr`);
    await signInThere(page, 'ada');
    expect(isPortal(page)).toBe(true);
    await sayWho(other, 'ada');
    expect(isPortal(other)).toBe(true);
    const locales = site.sessions().slice(-2);
    expect(locales.map(({ locale }) => locale)).toEqual(['de', 'fr']);
  });
});

describe('a session after fifteen minutes', () => {
  beforeEach(async () => {
    await followLink();
    await signInThere(page, 'ada');
    await site.age(context, 16);
  });

  it('is renewed silently, once', async () => {
    await followLink();
    expect(isPortal()).toBe(true);
    await page.goto(`${site.origin}/billing`);
    expect(await main()).toContain('Signed in as ada@example.com');
    expect(prompts()).toEqual([undefined, 'none']);
  });

  it('leads to the provider’s page if nobody is signed in there any more', async () => {
    await forgetProvider();
    await followLink();
    expect(isProvider()).toBe(true);
    await signInThere(page, 'ada');
    expect(isPortal()).toBe(true);
    expect(prompts()).toEqual([undefined, 'none', undefined]);
  });

  it('ends, on the page, in the signed-out page', async () => {
    await forgetProvider();
    await page.goto(`${site.origin}/billing`);
    expect(page.url()).toBe(`${site.origin}/billing?signed_in=0`);
    expect(await main()).not.toContain('ada@example.com');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    expect(isProvider()).toBe(true);
  });
});

describe('another subject', () => {
  beforeEach(async () => {
    await followLink();
    await signInThere(page, 'ada');
    await page.goto(`${site.origin}/billing/authorize?as=other&to=/billing/manage`);
    await signInThere(page, 'grace');
  });

  it('takes the place of a session only after a question', async () => {
    const before = site.sessionsMade();
    expect(await main()).toContain('You’ve just signed in as grace@example.com.');
    await page.getByRole('button', { name: 'Stay signed in as a•••@example.com' }).click();
    expect(isPortal()).toBe(true);
    expect(site.sessionsMade()).toBe(before + 1);
    expect(site.sessions().at(-1)?.['customer']).toBe(site.customers.ada);
  });

  it('of a silent renewal is asked about, too, and then goes on', async () => {
    await site.age(context, 16);
    const before = site.sessionsMade();
    await followLink();
    expect(prompts().at(-1)).toBe('none');
    expect(await main()).toContain('You’ve just signed in as grace@example.com.');
    expect(await main()).not.toContain('ada@example.com');
    expect(site.sessionsMade()).toBe(before);
    await page.getByRole('button', { name: 'Continue as grace@example.com' }).click();
    expect(isPortal()).toBe(true);
    expect(site.sessions().at(-1)?.['customer']).toBe(site.customers.grace);
  });

  it('of a silent renewal can be sent away: the one from before signs in again', async () => {
    await site.age(context, 16);
    await followLink();
    await page.getByRole('link', { name: 'Sign in with another account' }).click();
    expect(prompts().at(-1)).toBe('login');
    await signInThere(page, 'ada');
    expect(isPortal()).toBe(true);
    expect(site.sessions().at(-1)?.['customer']).toBe(site.customers.ada);
  });
});

it('signs out with us and at the provider, and comes back', async () => {
  await followLink();
  await signInThere(page, 'ada');
  await page.goto(`${site.origin}/billing`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  expect(isProvider()).toBe(true);
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  expect(page.url()).toBe(`${site.origin}/billing`);
  expect(await isSignedIn(context, site.origin)).toBe(false);
  await followLink();
  expect(await page.getByPlaceholder('Enter any login').count()).toBe(1);
});

describe('a client with a secret', () => {
  it('proves itself in the body where the provider takes it there', async () => {
    await site.configure('post');
    await followLink();
    await signInThere(page, 'ada');
    expect(isPortal()).toBe(true);
    const { parameters } = site.provider.requests.find(({ endpoint }) => endpoint === 'token')!;
    expect(parameters).toMatchObject({ client_id: 'post', client_secret: expect.any(String) });
  });

  it('proves itself by HTTP Basic where that is all there is', async () => {
    const strict = await startProvider(site.callback, ['client_secret_basic']);
    await site.configure('basic', { AUTH_ISSUER: strict.issuer });
    await followLink();
    await signInThere(page, 'ada');
    expect(isPortal()).toBe(true);
    const { parameters } = strict.requests.find(({ endpoint }) => endpoint === 'token')!;
    expect(parameters).not.toHaveProperty('client_secret');
    strict.stop();
  });

  it('that is wrong signs nobody in, and the page says whose fault it is', async () => {
    await site.configure('post', { AUTH_CLIENT_SECRET: 'wrong' });
    await followLink();
    await signInThere(page, 'ada');
    expect(await main()).toContain('sign_in_failed');
    expect(await isSignedIn(context, site.origin)).toBe(false);
  });
});
