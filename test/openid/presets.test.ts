import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { PRESETS } from '../../src/config/providers.ts';
import { createWorld, ISSUER, TEST_KEY, WEBHOOK_SECRET } from '../world.ts';
import { createBrowser, OPENID_SETTINGS, openIdProvider } from './browser.ts';

const REQUIRED = { STRIPE_SECRET_KEY: TEST_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };
const OPENID = {
  AUTH_ISSUER: 'https://id.example',
  AUTH_CLIENT_ID: 'portal-link',
  PUBLIC_ORIGIN: 'https://shop.example',
  LINK_SECRET: 'a secret of the links with 32 characters and more',
};

function authOf(settings: Record<string, string>) {
  const parsed = parseConfig({ ...REQUIRED, ...settings });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.auth;
}

function problemsOf(settings: Record<string, string>): Record<string, string> {
  const parsed = parseConfig({ ...REQUIRED, ...settings });
  if (parsed.kind === 'valid') return {};
  return Object.fromEntries(parsed.problems.map(({ key, remedy }) => [key, remedy]));
}

const DIRECTORY = '0b6d4d8e-3c4a-4f2e-9d6c-8f1f0a2b3c4d';

// As the providers document them.
const ISSUERS: [provider: string, domain: string, tenant: string, issuer: string][] = [
  ['auth0', 'example.eu.auth0.com', '', 'https://example.eu.auth0.com/'],
  ['authentik', 'id.example.com', 'billing', 'https://id.example.com/application/o/billing/'],
  ['clerk', 'clerk.example.com', '', 'https://clerk.example.com'],
  [
    'cognito',
    '',
    'eu-west-1_AbCdEf123',
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123',
  ],
  [
    'entra',
    '',
    '0b6d4d8e-3c4a-4f2e-9d6c-8f1f0a2b3c4d',
    'https://login.microsoftonline.com/0b6d4d8e-3c4a-4f2e-9d6c-8f1f0a2b3c4d/v2.0',
  ],
  ['firebase', '', 'example-project', 'https://session.firebase.google.com/example-project'],
  ['google', '', '', 'https://accounts.google.com'],
  ['keycloak', 'id.example.com', 'shop', 'https://id.example.com/realms/shop'],
  ['keycloak', 'localhost:8080', 'shop', 'http://localhost:8080/realms/shop'],
  ['logto', 'example.logto.app', '', 'https://example.logto.app/oidc'],
  ['okta', 'example.okta.com', '', 'https://example.okta.com'],
  ['okta', 'example.okta.com', 'default', 'https://example.okta.com/oauth2/default'],
  ['supabase', 'abcdefgh.supabase.co', '', 'https://abcdefgh.supabase.co/auth/v1'],
  ['workos', 'example.authkit.app', '', 'https://example.authkit.app'],
  ['zitadel', 'example.zitadel.cloud', '', 'https://example.zitadel.cloud'],
];

describe('a preset', () => {
  it.each(ISSUERS)('%s at %s %s names the issuer', (provider, domain, tenant, issuer) => {
    const settings = { AUTH_PROVIDER: provider, AUTH_DOMAIN: domain, AUTH_TENANT: tenant };
    expect(authOf(settings).issuer).toBe(issuer);
  });

  it('is shown for each provider above', () => {
    expect(new Set(ISSUERS.map(([provider]) => provider))).toEqual(new Set(Object.keys(PRESETS)));
  });

  it('knows what is special: Clerk’s cookie, and the person’s id at Entra ID', () => {
    const clerk = { AUTH_PROVIDER: 'clerk', AUTH_DOMAIN: 'clerk.example.com' };
    expect(authOf(clerk).cookie).toBe('__session');
    const entra = { ...OPENID, AUTH_ISSUER: '', AUTH_PROVIDER: 'entra', AUTH_TENANT: DIRECTORY };
    expect(authOf(entra).claims.subjects).toEqual(['oid']);
    expect(authOf(entra).oidc?.scopes).toBe('openid profile email');
  });

  it('gives way to each single setting', () => {
    const settings = {
      ...OPENID,
      AUTH_PROVIDER: 'entra',
      AUTH_TENANT: DIRECTORY,
      AUTH_ISSUER: 'https://id.example',
      AUTH_SUBJECT_CLAIM: 'sub',
      AUTH_COOKIE: 'session',
      AUTH_SCOPES: 'openid',
      AUTH_JWKS_URL: 'https://id.example/keys',
    };
    expect(authOf(settings)).toMatchObject({
      issuer: 'https://id.example',
      cookie: 'session',
      keys: { kind: 'jwks' },
      claims: { subjects: ['sub'] },
      oidc: { scopes: 'openid' },
    });
  });

  it('is enough for tokens of the site: their keys are where the issuer says', async () => {
    const world = await createWorld({
      AUTH_JWKS_URL: '',
      AUTH_ISSUER: '',
      AUTH_PROVIDER: 'clerk',
      AUTH_DOMAIN: 'id.example',
      AUTH_COOKIE: '',
      AUTH_AUDIENCE: '',
    });
    const ada = await world.somebody();
    const metadata = {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
    };
    world.answerAt('id.example', async (request) =>
      request.url.endsWith('/openid-configuration')
        ? Response.json(metadata)
        : world.provider.fetch(request),
    );
    const { aud: _, ...claims } = world.claims(ada.subject);
    const cookie = `__session=${await world.provider.sign(claims)}`;
    expect(await world.openedBy({ accept: 'text/html', cookie })).toBe(ada.customer);
  });
});

describe('settings that do not fit', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an unknown provider', { AUTH_PROVIDER: 'acme' }, 'AUTH_PROVIDER'],
    ['a provider without its host', { AUTH_PROVIDER: 'auth0' }, 'AUTH_DOMAIN'],
    ['a provider without its tenant', { AUTH_PROVIDER: 'entra' }, 'AUTH_TENANT'],
    ['a host without a provider', { AUTH_DOMAIN: 'id.example' }, 'AUTH_PROVIDER'],
    ['everybody’s directory', { AUTH_PROVIDER: 'entra', AUTH_TENANT: 'common' }, 'AUTH_TENANT'],
    [
      'addresses of Entra ID as subjects',
      { AUTH_PROVIDER: 'entra', AUTH_TENANT: DIRECTORY, AUTH_SUBJECT_CLAIM: 'email' },
      'AUTH_SUBJECT_CLAIM',
    ],
    [
      'a client of a provider that signs nobody in',
      { ...OPENID, AUTH_PROVIDER: 'firebase', AUTH_TENANT: 'x', AUTH_ISSUER: '' },
      'AUTH_CLIENT_ID',
    ],
    ['an issuer by plain http', { ...OPENID, AUTH_ISSUER: 'http://id.example' }, 'AUTH_ISSUER'],
    [
      'an issuer that is no address',
      { ...OPENID, AUTH_ISSUER: 'accounts.google.com' },
      'AUTH_ISSUER',
    ],
    [
      'a preset’s host left out beside an issuer',
      { AUTH_PROVIDER: 'supabase', AUTH_ISSUER: 'https://x.example/auth/v1' },
      'AUTH_DOMAIN',
    ],
    ['an address for a host', { AUTH_PROVIDER: 'auth0', AUTH_DOMAIN: 'https://x' }, 'AUTH_DOMAIN'],
    ['a path for a tenant', { AUTH_PROVIDER: 'entra', AUTH_TENANT: 'a/b' }, 'AUTH_TENANT'],
    ['a client of no issuer', { ...OPENID, AUTH_ISSUER: '' }, 'AUTH_ISSUER'],
    [
      'a secret of no client',
      { ...OPENID, AUTH_CLIENT_ID: '', AUTH_CLIENT_SECRET: 'x' },
      'AUTH_CLIENT_ID',
    ],
    ['a client without a secret to seal with', { ...OPENID, LINK_SECRET: '' }, 'LINK_SECRET'],
    ['a client without our own origin', { ...OPENID, PUBLIC_ORIGIN: '' }, 'PUBLIC_ORIGIN'],
    ['scopes without openid', { ...OPENID, AUTH_SCOPES: 'email' }, 'AUTH_SCOPES'],
    ['a second place to sign in', { ...OPENID, SIGN_IN_URL: 'https://x.example' }, 'SIGN_IN_URL'],
    [
      'a shared secret beside the provider’s keys',
      { ...OPENID, AUTH_JWT_SECRET: 'another secret of at least 32 bytes' },
      'AUTH_JWT_SECRET',
    ],
  ])('%s is named, with how to mend it', (_, settings, key) => {
    const problems = problemsOf(settings);
    expect(Object.keys(problems)).toContain(key);
    expect(problems[key]?.length).toBeGreaterThan(20);
  });
});

describe('an e-mail address as the subject', () => {
  const SETTINGS = { ...OPENID_SETTINGS, AUTH_SUBJECT_CLAIM: 'email' };

  it.each<[string, Record<string, unknown>, boolean]>([
    ['verified', { email_verified: true }, true],
    ['not verified', { email_verified: false }, false],
    ['verified in text', { email_verified: 'true' }, false],
    ['of which nothing is said', {}, false],
  ])('in an ID token, %s, counts: %o', async (_, more, counts) => {
    const world = await createWorld(SETTINGS);
    const provider = await openIdProvider(world);
    const email = 'ada@example.com';
    await world.keep({ id: 'cus_ada', subject: email, email });
    provider.signIn('ada', { email, ...more });
    const page = await createBrowser(world, provider).visit('/billing/authorize');
    expect(page.status).toBe(counts ? 200 : 401);
  });

  it.each([
    'https://login.microsoftonline.com/tenant/v2.0',
    'https://sts.windows.net/tenant/',
    'https://login.microsoftonline.us/tenant/v2.0',
    'https://tenant.ciamlogin.com/tenant/v2.0',
  ])('of Entra ID never counts, whatever the token says: %s', async (issuer) => {
    const world = await createWorld({
      AUTH_SUBJECT_CLAIM: 'email',
      AUTH_AUDIENCE: '',
      AUTH_ISSUER: issuer,
    });
    const { aud: _, ...claims } = world.claims('ada');
    const email = { email: 'ada@example.com', email_verified: true };
    const token = await world.provider.sign({ ...claims, ...email, iss: issuer });
    const response = await world.visit('/billing/manage', {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    });
    expect((await response.json<{ detail: string }>()).detail).toContain('email_unverified');
  });
});
