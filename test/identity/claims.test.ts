import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinkWorld, sessionCookie, signLink } from '../signed-links.ts';
import { createWorld, SIGNED_OUT, type Person, type World } from '../world.ts';

const SECRET = 'the secret of the site that is long enough for HS256';
const OLD_SECRET = 'the secret before that one and as long as it must be';

let world: World;
let ada: Person;

beforeEach(async () => {
  vi.useRealTimers();
  world = await createWorld();
  ada = await world.somebody();
});

type Token = { claims?: Record<string, unknown>; header?: Record<string, unknown> };

/** Signs with the site's own key, and says why the Worker refuses; undefined if it does not. */
async function refusalOf({ claims = {}, header = {} }: Token): Promise<string | undefined> {
  const token = await world.provider.sign({ ...world.claims(ada.subject), ...claims }, header);
  const before = world.sessionsMade();
  const response = await world.visit('/billing/manage', {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  if (response.status === 303) return undefined;
  expect([response.status, world.sessionsMade()]).toEqual([401, before]);
  const { detail } = await response.json<{ detail: string }>();
  return detail.replace('The token was refused: ', '').replace('.', '');
}

describe('a token that the site’s key has signed for another purpose', () => {
  it.each<[what: string, token: Token]>([
    ['a logout token', { header: { typ: 'logout+jwt' } }],
    ['a logout token by its full type', { header: { typ: 'application/LOGOUT+JWT' } }],
    ['a security event', { header: { typ: 'secevent+jwt' } }],
    ['a security event without a type', { claims: { events: {} } }],
    ['a link of ours', { header: { typ: 'portal-link+jwt' } }],
    ['a session of ours', { header: { typ: 'portal-link-session+jwt' } }],
    ['an impersonated session', { claims: { act: { sub: 'support' } } }],
    ['a refresh token of simplejwt', { claims: { token_type: 'refresh' } }],
    ['a refresh token of flask-jwt-extended', { claims: { type: 'refresh' } }],
    ['a refresh token of Keycloak', { claims: { typ: 'Refresh' } }],
    ['an offline token of Keycloak', { claims: { typ: 'Offline' } }],
    ['a JWT template of Clerk', { header: { cat: 'cl_B7d4PD222AAA' } }],
    ['a machine token of Clerk', { header: { cat: 'cl_B7d4PD333AAA' } }],
    ['a kind of token that Clerk may add', { header: { cat: 'cl_B7d4PD444AAA' } }],
    ['a token of Clerk without category or session', { header: { cat: 'cl_I7d4PD111III' } }],
    ['a session of Clerk with tasks left', { claims: { sts: 'pending' } }],
  ])('is no session: %s', async (_, token) => {
    expect(await refusalOf(token)).toBe('token_type');
  });

  it.each<[what: string, token: Token]>([
    ['an access token of simplejwt', { claims: { token_type: 'access' } }],
    ['a session of Keycloak', { claims: { typ: 'Bearer' } }],
    ['a session of Clerk', { header: { cat: 'cl_B7d4PD111AAA', typ: 'JWT' } }],
    [
      'a session of Clerk without categories',
      { header: { cat: 'cl_I7d4PD111III' }, claims: { sid: 'sess_1', sts: 'active' } },
    ],
    ['a category of another provider', { header: { cat: 'web' } }],
    ['a session without a type', { header: { typ: undefined } }],
  ])('does not look like a session: %s', async (_, token) => {
    expect(await refusalOf(token)).toBeUndefined();
  });
});

describe('an access token of an OAuth client', () => {
  const byType = { header: { typ: 'at+jwt' }, claims: { azp: 'app' } };
  const byClient = { claims: { client_id: 'app' } };

  it.each([
    ['by its type', byType],
    ['by its full type', { ...byType, header: { typ: 'application/at+jwt' } }],
    ['by its client', byClient],
    ['with an odd client', { claims: { client_id: ['app'] } }],
  ])('is refused while no parties are configured: %s', async (_, token) => {
    expect(await refusalOf(token)).toBe('authorized_party');
  });

  it('counts for a listed client and the configured audience', async () => {
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'web, app' });
    expect(await refusalOf(byType)).toBeUndefined();
    expect(await refusalOf(byClient)).toBeUndefined();
  });

  it('is refused for a client that is not listed', async () => {
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'web' });
    expect(await refusalOf(byType)).toBe('authorized_party');
    expect(await refusalOf(byClient)).toBe('authorized_party');
    expect(await refusalOf({ header: { typ: 'at+jwt' } })).toBe('authorized_party');
    const both = { claims: { client_id: 'app', azp: 'web' } };
    expect(await refusalOf(both)).toBe('authorized_party');
  });

  it('is refused without a configured audience: it may be for another API', async () => {
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'app', AUTH_AUDIENCE: '' });
    for (const { claims, ...rest } of [{ header: {}, ...byClient }, byType]) {
      const withoutAudience = { ...rest, claims: { ...claims, aud: undefined } };
      expect(await refusalOf(withoutAudience)).toBe('authorized_party');
    }
  });
});

describe('the audience of a token', () => {
  it.each(['shop', ['shop', 'other'], [], '', null])(
    'must be configured where the token has one: %j',
    async (aud) => {
      world.configure({ AUTH_AUDIENCE: '' });
      expect(await refusalOf({ claims: { aud } })).toBe('audience');
      expect(await refusalOf({ claims: { aud: undefined } })).toBeUndefined();
    },
  );

  it('keeps out the ID token that another client of the provider got', async () => {
    const idToken = { claims: { aud: 'other client', nonce: 'n', at_hash: 'h', typ: 'ID' } };
    expect(await refusalOf(idToken)).toBe('audience');
    world.configure({ AUTH_AUDIENCE: '' });
    expect(await refusalOf(idToken)).toBe('audience');
  });
});

describe('the authorized party of a session token', () => {
  it('may be anyone of a token without audiences while none are configured', async () => {
    world.configure({ AUTH_AUDIENCE: '' });
    const claims = { azp: 'https://shop.example', aud: undefined };
    expect(await refusalOf({ claims })).toBeUndefined();
  });

  it('may be one of its audiences, as in an ID token, or any in a session of Clerk', async () => {
    expect(await refusalOf({ claims: { azp: 'shop' } })).toBeUndefined();
    const header = { cat: 'cl_B7d4PD111AAA' };
    expect(await refusalOf({ header, claims: { azp: 'https://shop.example' } })).toBeUndefined();
  });

  it.each<[what: string, claims: Record<string, unknown>]>([
    ['Auth0’s default profile', { azp: 'evil', aud: ['shop', 'https://id.example/userinfo'] }],
    ['Keycloak', { azp: 'evil', typ: 'Bearer', scope: 'openid' }],
    ['Okta', { cid: 'evil' }],
    ['Entra ID', { appid: 'evil', scp: 'User.Read' }],
  ])('must be listed in an access token of %s', async (_, claims) => {
    expect(await refusalOf({ claims })).toBe('authorized_party');
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'web' });
    expect(await refusalOf({ claims })).toBe('authorized_party');
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'evil' });
    expect(await refusalOf({ claims })).toBeUndefined();
  });

  it('must be listed once some are', async () => {
    world.configure({ AUTH_AUTHORIZED_PARTIES: 'https://shop.example' });
    expect(await refusalOf({ claims: { azp: 'https://shop.example' } })).toBeUndefined();
    expect(await refusalOf({ claims: { azp: 'https://evil.example' } })).toBe('authorized_party');
    expect(await refusalOf({ claims: { azp: 7 } })).toBe('authorized_party');
    expect(await refusalOf({})).toBeUndefined();
  });
});

describe('the subject', () => {
  it.each([
    [42, '42'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('may be the integer %j, taken as its decimal text', async (sub, subject) => {
    const { id } = await world.api.customers.create({ metadata: { user_id: subject } });
    await world.keep({ id, subject });
    expect(await refusalOf({ claims: { sub } })).toBe(undefined);
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['customer']).toBe(id);
  });

  it.each([1.5, 2 ** 53, true, null, ['user_1'], { id: 'user_1' }, ''])(
    'may not be %j',
    async (sub) => {
      world.configure({ AUTH_SUBJECT_CLAIM: 'uid' });
      expect(await refusalOf({ claims: { uid: sub } })).toBe('subject');
    },
  );

  it.each([
    [true, undefined],
    [undefined, undefined],
    [false, 'email_unverified'],
    ['true', 'email_unverified'],
    [null, 'email_unverified'],
  ])('may be an e-mail address unless the provider has not verified it: %j', async (is, why) => {
    world.configure({ AUTH_SUBJECT_CLAIM: 'email' });
    const { id } = await world.api.customers.create({ metadata: { user_id: 'ada@example.com' } });
    await world.keep({ id, subject: 'ada@example.com' });
    expect(await refusalOf({ claims: { email: 'ada@example.com', email_verified: is } })).toBe(why);
  });

  it.each([
    'user_metadata',
    'user_metadata.id',
    'unsafe_metadata',
    'unsafeMetadata',
    'name',
    'nickname',
    'given_name',
    'preferred_username',
  ])('is never read from %s, which users can write', async (claim) => {
    world.configure({ AUTH_SUBJECT_CLAIM: claim });
    const health = await world.visit('/healthz');
    expect(health.status).toBe(503);
    expect(await health.text()).toContain('users can change this one themselves');
  });
});

describe('several shared secrets', () => {
  const opened = async (secret: string) => {
    const token = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
    return (await world.openedBy({ authorization: `Bearer ${token}` })) === ada.customer;
  };
  const configured = async (secrets: string) => {
    world = await createWorld({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_JWT_SECRET: secrets });
    ada = await world.somebody();
  };

  it('all verify tokens while they are rotated', async () => {
    await configured(`${SECRET}, ${OLD_SECRET}`);
    expect([await opened(SECRET), await opened(OLD_SECRET)]).toEqual([true, true]);
    expect(await opened('x'.repeat(40))).toBe(false);
  });

  it('may be one with a comma in it, or a list with a comma too many', async () => {
    await configured(`short,${SECRET},`);
    expect(await opened(`short,${SECRET},`)).toBe(true);
    expect(await opened(SECRET)).toBe(true);
    expect(await opened('short')).toBe(false);
  });

  it('may also be one that contains a comma and spaces', async () => {
    await configured(` ${SECRET}, ${OLD_SECRET} `);
    expect(await opened(` ${SECRET}, ${OLD_SECRET} `)).toBe(true);
  });
});

describe('the names of cookies', () => {
  it.each(['\u00a0', '\ufeff', '\u2028', '\u3000', '\u000b'])(
    'are not trimmed of %j, which browsers keep',
    async (space) => {
      const headers = (pair: string) => ({ ...SIGNED_OUT, cookie: `theme=dark;${pair}` });
      const { cookiesNamed } = await import('../../src/identity/cookies/named.ts');
      expect(cookiesNamed('session', headers(`${space}session=x`).cookie)).toEqual([]);
      expect(cookiesNamed('session', headers(' \t session=x \t').cookie)).toEqual(['x']);
    },
  );

  it('cannot pass for the cookie of our own sessions', async () => {
    const links = await createLinkWorld();
    const someone = await links.somebody();
    const own = sessionCookie(await links.press(await signLink({ sub: someone.subject })))!;
    const page = async (cookie: string) =>
      links.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect((await page(own)).status).toBe(200);
    expect((await page(`\u00a0${own}`)).status).toBe(401);
  });
});
