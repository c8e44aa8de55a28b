import type { BrowserContext, Page } from 'playwright-core';
import { parseConfig } from '../../src/config/config.ts';
import { createProvider } from '../../src/identity/provider.ts';
import { createSignIn } from '../../src/identity/sign-in.ts';
import { createCustomer, LINK_SECRET, SECRET_KEY, startSite } from '../browser/site.ts';
import { SECRET, startProvider, type ClientId } from './provider.ts';

const SESSIONS = '/v1/billing_portal/sessions';
// Without a prefix, on localhost without https (src/http/cookies.ts).
const COOKIE = 'account';

export type ProviderSite = Awaited<ReturnType<typeof startProviderSite>>;

/**
 * The built Worker on `localhost`, a client of a provider on `127.0.0.1`; and Chromium, which
 * starts at a link on `shop.localhost`.
 */
export async function startProviderSite() {
  const site = await startSite();
  const callback = `${site.origin}/billing/callback`;
  const provider = await startProvider(callback);
  const shop = new URL(site.otherOrigin);
  shop.hostname = 'shop.localhost';
  const settingsOf = (id: ClientId) => ({
    AUTH_JWKS_URL: '',
    AUTH_COOKIE: '',
    SIGN_IN_URL: '',
    AUTH_ISSUER: provider.issuer,
    AUTH_CLIENT_ID: id,
    PUBLIC_ORIGIN: site.origin,
    ...(id !== 'public' && { AUTH_CLIENT_SECRET: SECRET }),
  });

  return {
    ...site,
    callback,
    provider,
    shopOrigin: shop.origin,
    customers: {
      ada: await createCustomer(site.stripe, 'ada', 'Ada Lovelace'),
      grace: await createCustomer(site.stripe, 'grace', 'Grace Hopper'),
    },
    /** Starts the Worker anew as this client: it knows nothing of the provider yet. */
    configure: async (id: ClientId, settings: Record<string, string> = {}) =>
      site.configure({ ...settingsOf(id), ...settings }),
    /** The portal sessions that were made, by their parameters. */
    sessions: () =>
      site.standIn.requests
        .filter(({ path }) => path === SESSIONS)
        .map(({ parameters }) => parameters),
    /** Puts the browser's session back in time: the same session, begun so many minutes ago. */
    age: async (context: BrowserContext, minutes: number) =>
      age(context, minutes, site.origin, settingsOf('public')),
    stop: async () => {
      await site.stop();
      provider.stop();
    },
  };
}

async function age(
  context: BrowserContext,
  minutes: number,
  origin: string,
  settings: Record<string, string>,
): Promise<void> {
  const secrets = { STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: 'whsec_0123456789' };
  const parsed = parseConfig({ ...secrets, LINK_SECRET, ...settings });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const signIn = createSignIn(parsed.config, createProvider(parsed.config.auth.issuer ?? ''));
  const cookie = (await context.cookies(origin)).find(({ name }) => name === COOKIE);
  if (!signIn || !cookie) throw new Error('Nobody is signed in.');
  const now = new Date();
  const reading = await signIn.sessions.open(cookie.value, origin, now);
  if (reading.kind !== 'valid') throw new Error('The session is not valid.');
  const then = new Date(now.getTime() - minutes * 60_000);
  const value = await signIn.sessions.close(reading.principal, origin, then);
  await context.addCookies([{ ...cookie, value }]);
}

/** Whether the browser has a session of the Worker's. */
export async function isSignedIn(context: BrowserContext, origin: string): Promise<boolean> {
  return (await context.cookies(origin)).some(({ name }) => name === COOKIE);
}

/** What a person does on the provider's pages: says who they are, and agrees the first time. */
export async function signInThere(page: Page, name: string): Promise<void> {
  await sayWho(page, name);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Says who it is, to a provider that has this person's agreement. */
export async function sayWho(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
}
