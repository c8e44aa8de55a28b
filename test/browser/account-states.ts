import type { Page } from 'playwright-core';
import { createOpenIdProvider, type Wrongs } from '../openid/provider.ts';
import { freePort, listen, type Site } from './site.ts';
import type { PageState } from './states.ts';

/**
 * From now on the Worker signs people in at a provider: the states of its pages that come of it.
 * They have the customers of `createStates`.
 */
export async function createAccountStates(
  site: Site,
): Promise<{ states: PageState[]; stop: () => void }> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const redirectUris = [`${site.origin}/billing/callback`];
  const client = { id: 'portal-link', secret: undefined, redirectUris };
  const provider = await createOpenIdProvider({ issuer, client });
  const server = await listen(port, provider.fetch);
  await site.configure({
    AUTH_JWKS_URL: '',
    AUTH_COOKIE: '',
    SIGN_IN_URL: '',
    AUTH_ISSUER: issuer,
    AUTH_CLIENT_ID: client.id,
    PUBLIC_ORIGIN: site.origin,
  });

  const go = async (page: Page, path: string) => page.goto(site.origin + path);
  const signIn = async (page: Page, subject: string, email?: string, locale = 'en') => {
    provider.goWrong({});
    provider.signIn(subject, email === undefined ? {} : { email, email_verified: true });
    await go(page, `/billing/authorize?to=/billing?locale=${locale}`);
  };
  const meetWrong = (wrongs: Wrongs) => async (page: Page) => {
    provider.signIn('subscriber');
    provider.goWrong(wrongs);
    await go(page, '/billing/manage');
    provider.goWrong({});
  };
  const another = (locale: string) => async (page: Page) => {
    await signIn(page, 'subscriber', 'ada@example.com');
    await signIn(page, 'agency', 'billing@agency.example.com', locale);
  };
  const anotherWithoutAddress = (locale: string) => async (page: Page) => {
    await signIn(page, 'subscriber');
    await signIn(page, 'agency', undefined, locale);
  };

  const states: PageState[] = [
    {
      name: 'account',
      path: '/billing',
      act: async (page) => signIn(page, 'subscriber', 'ada@example.com'),
    },
    { name: 'account-signed-out', path: '/billing' },
    { name: 'another-account', path: '/billing', act: another('en') },
    { name: 'another-account-german', path: '/billing', act: another('de') },
    { name: 'another-without-address', path: '/billing', act: anotherWithoutAddress('en') },
    { name: 'another-without-address-french', path: '/billing', act: anotherWithoutAddress('fr') },
    { name: 'sign-in-unfinished', path: '/billing/callback?state=another&code=x' },
    {
      name: 'sign-in-denied',
      path: '/billing',
      act: meetWrong({ answer: { code: null, error: 'access_denied' } }),
    },
    {
      name: 'sign-in-failed',
      path: '/billing',
      act: meetWrong({ answer: { code: null, error: 'invalid_scope' } }),
    },
    {
      name: 'provider-down',
      path: '/billing',
      act: meetWrong({ answer: { code: null, error: 'temporarily_unavailable' } }),
    },
  ];
  return { states, stop: () => server.close() };
}
