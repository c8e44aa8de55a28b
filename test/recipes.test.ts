import { exportJWK, SignJWT, type JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import readme from '../src/identity/README.md?raw';
import { keyPairFor } from './key-pairs.ts';
import { createWorld } from './world.ts';

const SECRET = 'a secret of the site, long enough for HS256';

/** Each setting of a recipe, as an operator copies it from the README. */
function recipe(provider: string): Record<string, string> {
  const section = readme.split(/^### /m).find((text) => text.startsWith(`${provider}\n`)) ?? '';
  const toml = /```toml\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  return Object.fromEntries(
    [...toml.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

type Shape = {
  provider: string;
  algorithm: string;
  header?: object;
  /** What the token says besides `iat` and `exp`; `{subject}` stands for the subject. */
  claims: (subject: string) => JWTPayload;
  lifetime: number;
};

const shapes: Shape[] = [
  {
    provider: 'Clerk',
    algorithm: 'RS256',
    header: { cat: 'cl_B7d4PD111AAA', kid: 'ins_2xyz', typ: 'JWT' },
    claims: (sub) => ({
      azp: 'https://example.com',
      fva: [7, -1],
      iss: 'https://clerk.example.com',
      nbf: Math.floor(Date.now() / 1000) - 10,
      sid: 'sess_2xyz',
      sts: 'active',
      sub,
      v: 2,
    }),
    lifetime: 60,
  },
  {
    provider: 'Auth0',
    algorithm: 'RS256',
    header: { kid: 'NjVBRjY5MDlCMUIwNzU4RTA2QzZFMDQ4', typ: 'at+jwt' },
    claims: (sub) => ({
      iss: 'https://example.eu.auth0.com/',
      sub,
      aud: ['https://api.example.com', 'https://example.eu.auth0.com/userinfo'],
      azp: 'my_client_id',
      scope: 'openid profile email',
    }),
    lifetime: 86_400,
  },
  {
    provider: 'Supabase',
    algorithm: 'ES256',
    header: { kid: 'b1f5a3f0-0b6e-4d6c-9a7e-5d0c6a5f8e11', typ: 'JWT' },
    claims: (sub) => ({
      iss: 'https://abcdefgh.supabase.co/auth/v1',
      aud: 'authenticated',
      sub,
      role: 'authenticated',
      aal: 'aal1',
      session_id: 'd8a5f2b3-8d7c-4d0e-9a64-2f3f4b7f1c22',
      email: 'anna@example.com',
      phone: '',
      app_metadata: { provider: 'email', providers: ['email'] },
      user_metadata: {},
      amr: [{ method: 'password', timestamp: 1_700_000_000 }],
      is_anonymous: false,
    }),
    lifetime: 3600,
  },
  {
    provider: 'Firebase',
    algorithm: 'RS256',
    header: { kid: '5d1e2f3a4b', typ: 'JWT' },
    claims: (sub) => ({
      iss: 'https://securetoken.google.com/example-project',
      aud: 'example-project',
      auth_time: 1_700_000_000,
      user_id: sub,
      sub,
      email: 'anna@example.com',
      email_verified: true,
      firebase: { identities: { email: ['anna@example.com'] }, sign_in_provider: 'password' },
    }),
    lifetime: 3600,
  },
  {
    provider: 'Better Auth',
    algorithm: 'EdDSA',
    header: { kid: 'c5c7995d-0037-4553-8aee-b5b620b89b23' },
    claims: (sub) => ({
      id: sub,
      email: 'anna@example.com',
      emailVerified: true,
      name: 'Anna',
      sub,
      iss: 'https://example.com',
      aud: 'https://example.com',
    }),
    lifetime: 900,
  },
  {
    provider: 'Auth.js',
    algorithm: 'HS256',
    claims: (sub) => ({ name: 'Anna', email: 'anna@example.com', picture: null, sub, jti: 'a1b2' }),
    lifetime: 30 * 86_400,
  },
  {
    provider: 'Cloudflare Access',
    algorithm: 'RS256',
    header: { kid: '61d2f5c0', typ: 'JWT' },
    claims: (email) => ({
      aud: ['4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2'],
      email,
      iss: 'https://example.cloudflareaccess.com',
      type: 'app',
      identity_nonce: '6ei69kawdKzMIAPF',
      sub: '7335d417-61da-459d-899c-0a01c76a2f94',
      country: 'US',
    }),
    lifetime: 86_400,
  },
  {
    provider: 'Your own JWT',
    algorithm: 'HS256',
    claims: (sub) => ({ sub, iss: 'https://example.com' }),
    lifetime: 3600,
  },
];

const UNSET = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_COOKIE: '' };

/** A Worker with the README's settings, and a token in the provider's shape. */
async function follow({ provider, algorithm, header, claims, lifetime }: Shape) {
  const settings = recipe(provider);
  const shared = algorithm === 'HS256';
  const world = await createWorld({
    ...UNSET,
    ...settings,
    ...(shared && { AUTH_JWT_SECRET: SECRET }),
  });
  const person = await world.somebody();
  let key: CryptoKey | Uint8Array = new TextEncoder().encode(SECRET);
  if (!shared) {
    const pair = await keyPairFor(algorithm);
    key = pair.privateKey;
    const keys = [{ ...(await exportJWK(pair.publicKey)), alg: algorithm, use: 'sig', ...header }];
    const { host, href } = new URL(settings['AUTH_JWKS_URL'] ?? '');
    world.answerAt(host, async ({ url }) =>
      url === href ? Response.json({ keys }) : new Response('Not found', { status: 404 }),
    );
  }
  const issuedAt = Math.floor(Date.now() / 1000);
  const token = async (expires: number) =>
    new SignJWT(claims(person.subject))
      .setProtectedHeader({ alg: algorithm, ...header })
      .setIssuedAt(issuedAt)
      .setExpirationTime(expires)
      .sign(key);
  const cookie = async (value: string) =>
    world.openedBy({ ...person.browser, cookie: `${settings['AUTH_COOKIE']}=${value}` });
  return { world, person, cookie, token, fresh: await token(issuedAt + lifetime) };
}

describe.each(shapes)('the recipe for $provider', (shape) => {
  it('recognises its token in the cookie and as a bearer token', async () => {
    const { world, person, cookie, fresh } = await follow(shape);
    expect(await cookie(fresh)).toBe(person.customer);
    expect(await world.openedBy({ authorization: `Bearer ${fresh}` })).toBe(person.customer);
  });

  it('refuses an expired token and a spoilt one', async () => {
    const { cookie, token, fresh } = await follow(shape);
    expect(await cookie(await token(Math.floor(Date.now() / 1000) - 120))).toBeUndefined();
    expect(await cookie(`${fresh.slice(0, -8)}AAAAAAAA`)).toBeUndefined();
  });
});

it.each<[provider: string, other: string, Partial<Shape>, JWTPayload]>([
  ['Clerk', 'a JWT template', { header: { cat: 'cl_B7d4PD222AAA', kid: 'ins_2xyz' } }, {}],
  ['Clerk', 'an OAuth app', { header: { typ: 'at+jwt', kid: 'ins_2xyz' } }, {}],
  ['Supabase', 'an OAuth app', {}, { client_id: '9b1e7a52-5c0f-4a08-a3ad-3f3a3a1f6f21' }],
  ['Auth0', 'another application', {}, { azp: 'their_client_id' }],
])('the recipe for %s refuses a token of %s', async (provider, _other, change, more) => {
  const shape = shapes.find((each) => each.provider === provider)!;
  const claims = (subject: string) => ({ ...shape.claims(subject), ...more });
  const { cookie, fresh } = await follow({ ...shape, ...change, claims });
  expect(await cookie(fresh)).toBeUndefined();
});

it('has a recipe for each provider of the README, and the other way round', () => {
  const section = /^## Recipes for identity providers\n([\s\S]*)/m.exec(readme)?.[1] ?? '';
  const named = [...section.matchAll(/^### (.*)$/gm)].map(([, name]) => name);
  expect(shapes.map(({ provider }) => provider)).toEqual(named);
});
