import { describe, expect, it } from 'vitest';
import readme from '../../src/identity/README.md?raw';
import { createWorld, ORIGIN } from '../world.ts';
import { createBrowser, OPENID_SETTINGS, openIdProvider } from './browser.ts';

const section = /^### Recipes for signing in\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';

/** The settings of each recipe, as an operator copies them from the README. */
const recipes = new Map(
  section
    .split(/^#### /m)
    .slice(1)
    .map((text) => {
      const settings = [...text.matchAll(/^(\w+) = "(.*)"$/gm)];
      const pairs = settings.map(([, name = '', value = '']) => [name, value]);
      return [/^.*/.exec(text)?.[0] ?? '', Object.fromEntries(pairs)];
    }),
);

// As the providers document them: `iss`, and the claims of an ID token.
const shapes: [provider: string, issuer: string, claims?: (subject: string) => object][] = [
  ['Auth0', 'https://example.eu.auth0.com/'],
  ['Clerk', 'https://clerk.example.com'],
  ['Keycloak', 'https://id.example.com/realms/shop', () => ({ typ: 'ID', azp: 'portal-link' })],
  [
    'Amazon Cognito',
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
    () => ({ token_use: 'id', 'cognito:username': 'ada' }),
  ],
  [
    'Entra ID',
    'https://login.microsoftonline.com/0b6d4d8e-3c4a-4f2e-9d6c-8f1f0a2b3c4d/v2.0',
    (subject) => ({ sub: 'AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ', oid: subject, ver: '2.0' }),
  ],
  ['Okta', 'https://example.okta.com/oauth2/default', () => ({ ver: 1, amr: ['pwd'] })],
  ['Google', 'https://accounts.google.com', () => ({ hd: 'example.com' })],
  ['Logto', 'https://example.logto.app/oidc'],
  ['WorkOS', 'https://example.authkit.app', () => ({ sid: 'app_consent_01' })],
  ['Zitadel', 'https://example.zitadel.cloud', () => ({ amr: ['pwd'] })],
];

describe.each(shapes)('the recipe for signing in at %s', (provider, issuer, claims) => {
  it('is a whole sign-in, which ends in the portal', async () => {
    const settings: Record<string, string> = recipes.get(provider) ?? {};
    const world = await createWorld({ ...OPENID_SETTINGS, AUTH_ISSUER: '', ...settings });
    const id = settings['AUTH_CLIENT_ID'] ?? '';
    const redirectUris = [`${ORIGIN}/billing/callback`];
    const client = { id, secret: undefined, redirectUris };
    const site = await openIdProvider(world, { issuer, client });
    const { subject, customer } = await world.somebody();
    site.signIn(subject, { azp: id, ...claims?.(subject) });
    const browser = createBrowser(world, site);
    await browser.visit('/billing/manage');
    const [session] = world.callsTo('/v1/billing_portal/sessions');
    expect(session?.parameters['customer']).toBe(customer);
  });
});

it('has a recipe for each of them, and the other way round', () => {
  expect([...recipes.keys()]).toEqual(shapes.map(([provider]) => provider));
});
