import { base64url, calculateJwkThumbprint, EncryptJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { deriveKey } from '../../src/identity/hkdf.ts';
import { createWorld, type Person, type World } from '../world.ts';

const NONE = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_COOKIE: '' };
let world: World;
let ada: Person;

const openedBy = async (cookie: string) =>
  world.openedBy({ accept: 'text/html', 'sec-fetch-dest': 'document', cookie });

/** Cuts a value into cookies of this length, as the frameworks do above 4 KB. */
const inChunks = (name: string, value: string, length: number) =>
  Array.from({ length: Math.ceil(value.length / length) }, (_, number) => {
    const chunk = value.slice(number * length, (number + 1) * length);
    return `${name}.${number}=${chunk}`;
  });

describe('the cookie of @supabase/ssr', () => {
  const HOST = 'abcdefgh.supabase.co';
  const NAME = 'sb-abcdefgh-auth-token';
  const issuer = `https://${HOST}/auth/v1`;
  let accessToken: string;

  const session = (token: unknown) =>
    JSON.stringify({ access_token: token, refresh_token: 'never-touched', user: { id: 'x' } });
  const encoded = (text: string) => `base64-${base64url.encode(text)}`;
  const tokenOf = async (subject: string, more: Record<string, unknown> = {}) =>
    world.provider.sign({ ...world.claims(subject), iss: issuer, aud: 'authenticated', ...more });

  beforeEach(async () => {
    world = await createWorld({ ...NONE, AUTH_PROVIDER: 'supabase', AUTH_DOMAIN: HOST });
    world.answerAt(HOST, async (request) =>
      world.provider.fetch(new Request(request.url.replace('/auth/v1', ''), request)),
    );
    ada = await world.somebody();
    accessToken = await tokenOf(ada.subject);
  });

  it('names the visitor: in base64url, as JSON, whole or in chunks', async () => {
    const text = session(accessToken);
    expect(await openedBy(`${NAME}=${encoded(text)}`)).toBe(ada.customer);
    expect(await openedBy(`${NAME}=${encodeURIComponent(text)}`)).toBe(ada.customer);
    const chunks = inChunks(NAME, encoded(text), 200);
    expect(chunks.length).toBeGreaterThan(2);
    expect(await openedBy(chunks.toReversed().join('; '))).toBe(ada.customer);
  });

  it('names nobody with a chunk that is missing, empty or there twice', async () => {
    const chunks = inChunks(NAME, encoded(session(accessToken)), 200);
    expect(await openedBy(chunks.slice(1).join('; '))).toBeUndefined();
    expect(await openedBy(chunks.filter((_, number) => number !== 1).join('; '))).toBeUndefined();
    expect(await openedBy([...chunks, `${NAME}.0=other`].join('; '))).toBeUndefined();
    expect(await openedBy([...chunks, `${NAME}.99=more`].join('; '))).toBeUndefined();
  });

  it('names nobody when its chunks are together longer than any session', async () => {
    const padded = `${session(accessToken)}${' '.repeat(20_000)}`;
    const chunks = inChunks(NAME, encoded(padded), 3_000);
    expect(await openedBy(chunks.join('; '))).toBeUndefined();
  });

  it('names nobody when two of them name two people', async () => {
    const grace = await world.somebody();
    const whole = `${NAME}=${encoded(session(await tokenOf(grace.subject)))}`;
    const chunks = inChunks(NAME, encoded(session(accessToken)), 200);
    expect(await openedBy([whole, ...chunks].join('; '))).toBeUndefined();
  });

  it('names nobody by the token of a third-party app, or of another project', async () => {
    const app = await tokenOf(ada.subject, { client_id: 'some-app' });
    const other = await tokenOf(ada.subject, { iss: 'https://other.supabase.co/auth/v1' });
    const anonymous = await tokenOf(ada.subject, { aud: 'anon' });
    for (const token of [app, other, anonymous, 1, null, 'x.y.z']) {
      expect(await openedBy(`${NAME}=${encoded(session(token))}`)).toBeUndefined();
    }
  });

  it.each([
    'base64-%%%',
    'base64-bnVsbA',
    'null',
    '[]',
    '{}',
    '%E0%A4%A',
    `base64-${'A'.repeat(20_000)}`,
  ])('names nobody when it is broken: %s', async (value) => {
    expect(await openedBy(`${NAME}=${value}`)).toBeUndefined();
  });

  it('leads to sign in when its token has expired', async () => {
    world.configure({ SIGN_IN_URL: 'https://site.example/in?to={return_to}' });
    const expired = await tokenOf(ada.subject, { exp: 1_000 });
    const cookie = `${NAME}=${encoded(session(expired))}`;
    const headers = { accept: 'text/html', cookie };
    const response = await world.visit('/billing/manage', { headers });
    expect(response.headers.get('location')).toContain('https://site.example/in');
  });
});

describe('the session cookie of Firebase', () => {
  const issuer = 'https://session.firebase.google.com/example-project';

  beforeEach(async () => {
    world = await createWorld({
      ...NONE,
      AUTH_PROVIDER: 'firebase',
      AUTH_TENANT: 'example-project',
    });
    world.answerAt('identitytoolkit.googleapis.com', async (request) => {
      expect(new URL(request.url).pathname).toBe('/v1/sessionCookiePublicKeys');
      return world.provider.fetch(new Request('https://id.example/.well-known/jwks.json'));
    });
    ada = await world.somebody();
  });

  it('names the visitor, and an ID token in its place nobody', async () => {
    const claims = { ...world.claims(ada.subject), aud: 'example-project' };
    const cookie = await world.provider.sign({ ...claims, iss: issuer });
    expect(await openedBy(`session=${cookie}`)).toBe(ada.customer);
    const idToken = { ...claims, iss: 'https://securetoken.google.com/example-project' };
    expect(await openedBy(`session=${await world.provider.sign(idToken)}`)).toBeUndefined();
  });
});

describe('the session cookie of Auth.js', () => {
  const SECRET = 'the AUTH_SECRET of the site: 33 bytes';
  const NAME = '__Secure-authjs.session-token';
  const ENCRYPTIONS = { 'A256CBC-HS512': 64, A256GCM: 32 };

  type Options = { secret?: string; name?: string; enc?: keyof typeof ENCRYPTIONS; exp?: number };

  /** As `@auth/core` encodes it (test/providers compares with its own encoder). */
  async function encode(claims: Record<string, unknown>, options: Options = {}): Promise<string> {
    const { secret = SECRET, name = NAME, enc = 'A256CBC-HS512', exp } = options;
    const info = `Auth.js Generated Encryption Key (${name})`;
    const bytes = ENCRYPTIONS[enc];
    const key = await deriveKey(secret, { salt: name, info, bytes });
    const jwk = { kty: 'oct', k: base64url.encode(key) };
    const kid = await calculateJwkThumbprint(jwk, bytes === 64 ? 'sha512' : 'sha256');
    return new EncryptJWT(claims)
      .setProtectedHeader({ alg: 'dir', enc, kid })
      .setIssuedAt()
      .setExpirationTime(exp ?? '1h')
      .encrypt(key);
  }

  beforeEach(async () => {
    world = await createWorld({ ...NONE, AUTHJS_SECRET: SECRET });
    ada = await world.somebody();
  });

  it.each<Options>([{}, { enc: 'A256GCM' }])('names the visitor %o', async (options) => {
    const token = await encode({ sub: ada.subject }, options);
    expect(await openedBy(`${NAME}=${token}`)).toBe(ada.customer);
    expect(await openedBy(inChunks(NAME, token, 60).join('; '))).toBe(ada.customer);
  });

  it('has another name, and another key, on plain http', async () => {
    const name = 'authjs.session-token';
    expect(await openedBy(`${name}=${await encode({ sub: ada.subject }, { name })}`)).toBe(
      ada.customer,
    );
    expect(await openedBy(`${name}=${await encode({ sub: ada.subject })}`)).toBeUndefined();
  });

  it('counts with each of several secrets, while they are rotated', async () => {
    const old = 'the former AUTH_SECRET of this very site';
    world.configure({ AUTHJS_SECRET: `${SECRET},${old}` } as Partial<Env>);
    const token = await encode({ sub: ada.subject }, { secret: old });
    expect(await openedBy(`${NAME}=${token}`)).toBe(ada.customer);
  });

  it('names nobody with another secret, without an expiry, expired, or without a subject', async () => {
    const tokens = [
      await encode({ sub: ada.subject }, { secret: 'a secret of somebody else, long enough' }),
      await encode({ sub: ada.subject }, { exp: 1_000 }),
      await encode({ email: 'ada@example.com' }),
      (await encode({ sub: ada.subject })).replace(/.$/, ''),
      'x',
    ];
    for (const token of tokens) expect(await openedBy(`${NAME}=${token}`)).toBeUndefined();
  });

  it('names nobody when two cookies name two people', async () => {
    const grace = await world.somebody();
    const name = 'authjs.session-token';
    const other = await encode({ sub: grace.subject }, { name });
    expect(
      await openedBy(`${NAME}=${await encode({ sub: ada.subject })}; ${name}=${other}`),
    ).toBeUndefined();
  });

  it('makes no bearer token count', async () => {
    const authorization = `Bearer ${await encode({ sub: ada.subject })}`;
    expect(await world.openedBy({ accept: 'application/json', authorization })).toBeUndefined();
  });
});
