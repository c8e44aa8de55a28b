import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Person, type World } from '../world.ts';
import { createBrowser, OPENID_ISSUER, openIdProvider, createSignInWorld } from './browser.ts';
import type { OpenIdProvider } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;

beforeEach(async () => {
  ({ world, provider, browser, ada } = await createSignInWorld());
});

/** Whose portal the browser was sent to at last. */
const opened = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer'];
const pass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

describe('a session after fifteen minutes', () => {
  beforeEach(async () => {
    await browser.visit('/billing/manage');
    pass(16);
  });

  it('is renewed by one silent round trip', async () => {
    const url = await browser.beginAt('/billing/manage');
    expect(url.searchParams.get('prompt')).toBe('none');
    await browser.ask(await browser.answerTo(url));
    const before = provider.requests.length;
    await browser.visit('/billing/manage');
    expect(opened()).toBe(ada.customer);
    expect(provider.requests.length).toBe(before);
  });

  it('is renewed on the page, too, which then is shown', async () => {
    const page = await browser.visit('/billing?locale=de');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('ada@example.com');
  });

  it('leads to the sign-in page if the provider knows nobody any more', async () => {
    provider.signIn(undefined);
    const response = await browser.visit('/billing/manage');
    expect(await response.text()).toBe('Who are you?');
    expect(provider.requests.at(-1)?.parameters['prompt']).toBeUndefined();
  });

  it('ends, on the page, in the signed-out page, without a loop', async () => {
    provider.signIn(undefined);
    const page = await browser.visit('/billing');
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('https://shop.example/billing/authorize?to=%2Fbilling');
    expect((await browser.ask('/billing?signed_in=0')).status).toBe(401);
  });

  it('is not renewed silently where the provider says that it cannot', async () => {
    provider = await openIdProvider(world, { metadata: { prompt_values_supported: ['login'] } });
    provider.signIn(ada.subject);
    world.configure({});
    browser = createBrowser(world, provider);
    await browser.visit('/billing/manage');
    pass(16);
    expect((await browser.beginAt('/billing/manage')).searchParams.has('prompt')).toBe(false);
    expect((await browser.ask('/billing')).status).toBe(401);
  });

  it('asks before another subject takes its place', async () => {
    const grace = await world.somebody();
    provider.signIn(grace.subject, { email: 'grace@example.com', email_verified: true });
    const german = await browser.visit('/billing/manage?locale=de');
    expect(await german.text()).toContain('<html lang="de"');
    const page = await browser.visit('/billing/manage?locale=en');
    const text = await page.text();
    expect(text).toContain('You’ve just signed in as grace@example.com.');
    expect(text).toContain('Until now, you were here as a');
    expect(text).not.toContain('ada@example.com');
    expect(world.sessionsMade()).toBe(1);
    const pressed = await browser.post(/action="([^"]+)"/.exec(text)![1]!, {});
    await browser.follow(pressed);
    expect(opened()).toBe(grace.customer);
  });
});

describe('the page that asks whether to go on with another account', () => {
  const EN = {
    title: 'Continue with another account?',
    now: 'You’ve just signed in with another account.',
    before: 'Until now, you were here with another account.',
    button: 'Continue with the new account',
  };

  /** Signs in as one and then as another, each with or without an address. */
  async function signInTwice(first: string | undefined, second: string | undefined) {
    const claims = (email?: string) => (email === undefined ? {} : { email, email_verified: true });
    provider.signIn(ada.subject, claims(first));
    await browser.visit('/billing/manage');
    const { subject } = await world.somebody();
    provider.signIn(subject, claims(second));
    const page = await browser.visit('/billing/authorize?as=other&to=/billing');
    return textOn(await page.text());
  }

  const textOn = (html: string) =>
    (/<main>.*<\/main>/s.exec(html)?.[0] ?? '')
      .replaceAll('<wbr/>', '')
      .split(/<[^>]*>/)
      .filter((text) => text !== '');

  it('says so in words of their own where no address is known', async () => {
    expect(await signInTwice(undefined, undefined)).toEqual([
      EN.title,
      EN.now,
      EN.button,
      'Stay signed in',
    ]);
  });

  it('names who is known', async () => {
    const [, now, before, button] = await signInTwice('ada@example.com', undefined);
    expect([now, button]).toEqual([EN.now, EN.button]);
    expect(before).toBe('Until now, you were here as a•••@example.com.');
  });

  it('names who is new', async () => {
    const [, now, before, button] = await signInTwice(undefined, 'mary@example.com');
    expect(now).toBe('You’ve just signed in as mary@example.com.');
    expect(before).toBe(EN.before);
    expect(button).toBe('Continue as mary@example.com');
  });
});

describe('a provider that refuses to answer silently, in words of its own', () => {
  it.each(['invalid_request', 'unauthorized_client', 'access_denied', 'consent_required'])(
    '%s: shows its page, and locks nobody out',
    async (error) => {
      await browser.visit('/billing/manage');
      pass(16);
      const url = await browser.beginAt('/billing/manage');
      provider.goWrong({ answer: { code: null, error } });
      const answer = await browser.answerTo(url);
      provider.goWrong({});
      await browser.follow(await browser.ask(answer));
      expect(world.sessionsMade()).toBe(2);
    },
  );
});

describe('beside a token of the site', () => {
  let token: (subject: string, exp: number) => Promise<string>;
  const seconds = () => Math.floor(Date.now() / 1000);

  beforeEach(() => {
    world.configure({ AUTH_COOKIE: 'session' });
    token = async (subject, exp) => provider.sign({ sub: subject, iss: OPENID_ISSUER, exp });
  });

  it('that has expired, the page comes without a trip to the provider, and without a loop', async () => {
    provider.signIn(undefined);
    browser.put('session', await token(ada.subject, seconds() - 120));
    const page = await browser.visit('/billing');
    expect(page.status).toBe(401);
    expect(provider.requests.filter(({ path }) => path === '/authorize')).toEqual([]);
  });

  it('that was somebody else’s after this session began, the session does not count', async () => {
    await browser.visit('/billing/manage');
    const grace = await world.somebody();
    browser.put('session', await token(grace.subject, seconds() + 60));
    pass(3);
    provider.signIn(grace.subject);
    const page = await browser.visit('/billing/manage');
    expect(await page.text()).toContain('Until now, you were here');
    expect(world.sessionsMade()).toBe(1);
  });

  it('that expired before, the session of a later sign-in counts', async () => {
    const grace = await world.somebody();
    browser.put('session', await token(grace.subject, seconds() - 120));
    await browser.visit('/billing/manage');
    expect(opened()).toBe(ada.customer);
  });
});
