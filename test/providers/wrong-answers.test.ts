import type { BrowserContext, Page } from 'playwright-core';
import { UnsecuredJWT, decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isSignedIn, signInThere, startProviderSite, type ProviderSite } from './site.ts';
import type { Endpoint, Wrongs } from './spoiler.ts';

let site: ProviderSite;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  site = await startProviderSite();
  await site.configure('public');
});
afterAll(async () => site?.stop());

beforeEach(async () => {
  site.provider.spoil({});
  site.provider.requests.length = 0;
  context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  return async () => context.close();
});

const isPortal = () => page.url().startsWith(`${site.standInOrigin}/p/session/`);
const followLink = async () => {
  await page.goto(site.shopOrigin);
  await page.getByRole('link', { name: 'Manage subscription' }).click();
};
/** The code of the fault on a page of ours. */
const codeOn = async (of = page) =>
  /For developers\s+(\w+):/.exec(await of.locator('main').innerText())?.[1];

const set =
  (changes: Record<string, string | null>): NonNullable<Wrongs['answer']> =>
  (parameters) => {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) parameters.delete(name);
      else parameters.set(name, value);
    }
  };
const error = (name: string): Wrongs => ({ answer: set({ code: null, error: name }) });

it.each<[string, Wrongs, string]>([
  ['of another issuer', { answer: set({ iss: 'https://evil.example' }) }, 'sign_in_unfinished'],
  ['without its issuer', { answer: set({ iss: null }) }, 'sign_in_unfinished'],
  ['with another state', { answer: set({ state: 'another' }) }, 'sign_in_unfinished'],
  ['with a made-up code', { answer: set({ code: 'made-up' }) }, 'sign_in_unfinished'],
  ['without a code', { answer: set({ code: null }) }, 'sign_in_failed'],
  ['to another nonce', { question: set({ nonce: 'another' }) }, 'sign_in_unfinished'],
  [
    'to another challenge',
    { question: set({ code_challenge: 'x'.repeat(43) }) },
    'sign_in_unfinished',
  ],
  [
    'with an ID token that nobody signed',
    { idToken: (token) => new UnsecuredJWT(decodeJwt(token)).encode() },
    'sign_in_failed',
  ],
  [
    'with an ID token that was changed',
    { idToken: (token) => token.replace(/\.[^.]{20}/, '.AAAAAAAAAAAAAAAAAAAA') },
    'sign_in_failed',
  ],
  [
    'with a signature of another token',
    { idToken: (token) => `${token.slice(0, -20)}${'A'.repeat(20)}` },
    'token_invalid',
  ],
  ['server_error', error('server_error'), 'identity_provider_unavailable'],
  ['temporarily_unavailable', error('temporarily_unavailable'), 'identity_provider_unavailable'],
  ['invalid_scope', error('invalid_scope'), 'sign_in_failed'],
  ['unauthorized_client', error('unauthorized_client'), 'sign_in_failed'],
  ['an error that nobody knows', error('teapot'), 'sign_in_failed'],
  [
    'interaction_required to an attempt with pages',
    error('interaction_required'),
    'sign_in_denied',
  ],
])('an answer %s signs nobody in, and the next attempt can', async (_, wrongs, code) => {
  const before = site.sessionsMade();
  site.provider.spoil(wrongs);
  await followLink();
  await signInThere(page, 'ada');
  expect(await codeOn()).toBe(code);
  expect(await isSignedIn(context, site.origin)).toBe(false);
  expect(site.sessionsMade()).toBe(before);
  site.provider.spoil({});
  await followLink();
  expect(isPortal()).toBe(true);
});

describe('the provider itself', () => {
  it.each<[string, string | null, string]>([
    ['code_challenge', null, 'sign_in_failed'],
    ['prompt', 'none', 'sign_in_denied'],
  ])('refuses a question whose %s is %s, and the page says so', async (name, value, code) => {
    site.provider.spoil({ question: set({ [name]: value }) });
    await followLink();
    expect(await codeOn()).toBe(code);
  });

  it('lets people cancel, and the page takes them back to signing in', async () => {
    await followLink();
    await page.getByRole('link', { name: 'Cancel' }).click();
    expect(await codeOn()).toBe('sign_in_denied');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await signInThere(page, 'ada');
    expect(new URL(page.url()).origin).toBe(site.standInOrigin);
  });
});

describe('an answer that was used before', () => {
  /** Signs in, and gives the address that led back. */
  async function answerOf(name: string): Promise<URL> {
    const back = page.waitForRequest((request) => request.url().startsWith(site.callback));
    await followLink();
    await signInThere(page, name);
    return new URL((await back).url());
  }

  it('leads to the page if it is loaded again, by the same browser', async () => {
    await page.goto((await answerOf('ada')).href);
    expect(page.url()).toBe(`${site.origin}/billing`);
  });

  it('signs nobody in, in a browser that did not ask for it', async () => {
    const stolen = await answerOf('ada');
    const another = await site.browser.newContext({ locale: 'en-US' });
    const victim = await another.newPage();
    await victim.goto(stolen.href);
    expect(await codeOn(victim)).toBe('sign_in_unfinished');
    expect(await isSignedIn(another, site.origin)).toBe(false);
    await another.close();
  });

  it('signs nobody in by its code in the answer to another attempt', async () => {
    const code = (await answerOf('grace')).searchParams.get('code');
    await context.clearCookies();
    site.provider.spoil({ answer: set({ code }) });
    await followLink();
    await signInThere(page, 'ada');
    expect(await codeOn()).toBe('sign_in_unfinished');
    expect(await isSignedIn(context, site.origin)).toBe(false);
  });
});

// Somebody else, because one person may open only so many sessions a minute.
describe('a provider that is down', () => {
  it('at its token endpoint: the visitor may try again', async () => {
    await site.configure('public');
    site.provider.spoil({ down: 'token' });
    await followLink();
    await signInThere(page, 'grace');
    expect(await codeOn()).toBe('identity_provider_unavailable');
    site.provider.spoil({});
    await page.getByRole('link', { name: 'Try again' }).click();
    expect(isPortal()).toBe(true);
  });

  it.each<Endpoint>(['discovery', 'keys'])(
    'at its %s keeps nobody out, for its neighbours have a copy',
    async (down) => {
      await followLink();
      await signInThere(page, 'grace');
      await context.clearCookies();
      await site.configure('public');
      site.provider.spoil({ down });
      await followLink();
      await signInThere(page, 'grace');
      expect(isPortal()).toBe(true);
    },
  );

  it('at its own pages shows what it shows, and the next attempt goes through', async () => {
    site.provider.spoil({ down: 'authorize' });
    await followLink();
    expect(await page.locator('body').innerText()).toBe('Bad gateway');
    site.provider.spoil({});
    await followLink();
    await signInThere(page, 'grace');
    expect(isPortal()).toBe(true);
  });

  it('does not end a session', async () => {
    await followLink();
    await signInThere(page, 'grace');
    site.provider.spoil({ down: 'discovery' });
    await site.configure('public');
    await followLink();
    expect(isPortal()).toBe(true);
  });
});
