import { base64url, calculateJwkThumbprint, EncryptJWT, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { deriveKey } from '../../src/identity/hkdf.ts';
import stacks from '../../src/identity/STACKS.md?raw';
import { BUDGETS } from '../budgets.ts';
import {
  createBrowser,
  OPENID_ISSUER,
  OPENID_SETTINGS,
  openIdProvider,
} from '../openid/browser.ts';
import { createWorld, ISSUER, ORIGIN, SIGNED_OUT, type World } from '../world.ts';

const NONE = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_COOKIE: '' };
const SECRET = 'a secret of the site, long enough for HS256';
const SUPABASE = 'abcdefgh.supabase.co';
const AUTHJS = '__Secure-authjs.session-token';

type Source = {
  settings: Record<string, string>;
  /** The host outside that the Worker may ask, and what it answers. */
  host?: string;
  answer?: (request: Request, world: World) => Response | Promise<Response>;
  /** The cookie of somebody. */
  cookie: (subject: string, world: World) => string | Promise<string>;
};

const tokenFor = async (subject: string, world: World, more: object = {}) =>
  world.provider.sign({ ...world.claims(subject), ...more });
const keys = async (_: Request, world: World) =>
  world.provider.fetch(new Request(`${ISSUER}/.well-known/jwks.json`));

async function authjsToken(sub: string): Promise<string> {
  const info = `Auth.js Generated Encryption Key (${AUTHJS})`;
  const key = await deriveKey(SECRET, { salt: AUTHJS, info, bytes: 64 });
  const kid = await calculateJwkThumbprint({ kty: 'oct', k: base64url.encode(key) }, 'sha512');
  return new EncryptJWT({ sub })
    .setProtectedHeader({ alg: 'dir', enc: 'A256CBC-HS512', kid })
    .setExpirationTime('1h')
    .encrypt(key);
}

const SOURCES: Record<string, Source> = {
  'a token, by the key set': {
    settings: {},
    host: 'id.example',
    answer: keys,
    cookie: async (subject, world) => `session=${await tokenFor(subject, world)}`,
  },
  "a token, by the provider's discovery document": {
    settings: { ...NONE, AUTH_PROVIDER: 'clerk', AUTH_DOMAIN: 'clerk.example' },
    host: 'clerk.example',
    answer: async (request, world) => {
      const issuer = 'https://clerk.example';
      const at = (path: string) => `${issuer}${path}`;
      return new URL(request.url).pathname === '/.well-known/openid-configuration'
        ? Response.json({
            issuer,
            authorization_endpoint: at('/authorize'),
            token_endpoint: at('/token'),
            jwks_uri: at('/jwks'),
          })
        : keys(request, world);
    },
    cookie: async (sub, world) =>
      `__session=${await tokenFor(sub, world, { iss: 'https://clerk.example', aud: undefined })}`,
  },
  'a token, by a secret': {
    settings: { ...NONE, AUTH_JWT_SECRET: SECRET, AUTH_COOKIE: 'session' },
    cookie: async (sub) =>
      `session=${await new SignJWT({ sub })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(SECRET))}`,
  },
  'the cookie of `@supabase/ssr`': {
    settings: { ...NONE, AUTH_PROVIDER: 'supabase', AUTH_DOMAIN: SUPABASE },
    host: SUPABASE,
    answer: keys,
    cookie: async (subject, world) => {
      const claims = { iss: `https://${SUPABASE}/auth/v1`, aud: 'authenticated' };
      const session = JSON.stringify({ access_token: await tokenFor(subject, world, claims) });
      return `sb-abcdefgh-auth-token=base64-${base64url.encode(session)}`;
    },
  },
  'the session cookie of Firebase': {
    settings: { ...NONE, AUTH_PROVIDER: 'firebase', AUTH_TENANT: 'shop' },
    host: 'identitytoolkit.googleapis.com',
    answer: keys,
    cookie: async (subject, world) => {
      const claims = { iss: 'https://session.firebase.google.com/shop', aud: 'shop' };
      return `session=${await tokenFor(subject, world, claims)}`;
    },
  },
  'the cookie of Auth.js': {
    settings: { ...NONE, AUTHJS_SECRET: SECRET },
    cookie: async (subject) => `${AUTHJS}=${await authjsToken(subject)}`,
  },
  "the site's answer": {
    settings: { ...NONE, SESSION_PRESET: 'express', SESSION_URL: '/me', PUBLIC_ORIGIN: ORIGIN },
    host: 'shop.example',
    answer: ({ headers }) => Response.json({ sub: headers.get('cookie')?.split('=')[1] }),
    cookie: (subject) => `connect.sid=${subject}`,
  },
};

const figures = new Map(
  /^\| source [\s\S]*?\n\n/m
    .exec(stacks)![0]
    .trim()
    .split('\n')
    .slice(2)
    .map((line): [string, number[]] => {
      const [, source = '', ...cells] = line.split('|').map((cell) => cell.trim());
      return [source, cells.slice(0, 4).map(Number)];
    }),
);

const AFTER_SIGN_IN = 'a session after a sign-in at the provider';

it.each(Object.entries(SOURCES))('%s costs what STACKS.md says', async (name, source) => {
  const world = await createWorld(source.settings);
  let requests = 0;
  if (source.host !== undefined) {
    world.answerAt(source.host, async (request) => {
      requests += 1;
      return source.answer?.(request, world) ?? Response.error();
    });
  }
  const [ada, grace] = [await world.somebody(), await world.somebody()];
  const costs: number[] = [];
  for (const { subject, customer } of [ada, grace, grace]) {
    const before = { requests, statements: world.queries.length };
    const headers = { ...SIGNED_OUT, cookie: await source.cookie(subject, world) };
    expect(await world.openedBy(headers)).toBe(customer);
    costs.push(requests - before.requests);
    const statements = world.queries.length - before.statements;
    expect(statements - BUDGETS.redirect.statements).toBe(figures.get(name)?.[3]);
  }
  expect(costs).toEqual(figures.get(name)?.slice(0, 3));
});

it('a sign-in at the provider costs three requests, then one, and its session none', async () => {
  const world = await createWorld(OPENID_SETTINGS);
  const provider = await openIdProvider(world);
  let requests = 0;
  world.answerAt(new URL(OPENID_ISSUER).host, async (request) => {
    requests += 1;
    return provider.fetch(request);
  });
  const costOf = async (work: () => Promise<unknown>) => {
    const before = requests;
    await work();
    return requests - before;
  };
  const signIns: number[] = [];
  const redirects: number[] = [];
  for (const { subject } of [await world.somebody(), await world.somebody()]) {
    provider.signIn(subject);
    const browser = createBrowser(world, provider);
    signIns.push(await costOf(async () => browser.visit('/billing/manage')));
    for (let visits = 0; visits < 2; visits += 1) {
      const before = world.queries.length;
      redirects.push(await costOf(async () => browser.ask('/billing/manage')));
      expect(world.queries.length - before).toBe(BUDGETS.redirect.statements);
    }
  }
  expect(signIns).toEqual([3, 1]);
  expect(redirects).toEqual([0, 0, 0, 0]);
  expect(figures.get(AFTER_SIGN_IN)).toEqual([0, 0, 0, 0]);
});

it('is counted for each source of the table', () => {
  expect([...figures.keys()]).toEqual([...Object.keys(SOURCES), AFTER_SIGN_IN]);
});
