import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keyPairFor } from '../key-pairs.ts';
import { createWorld, ISSUER, ORIGIN, type Person, type World } from '../world.ts';

const SECRET = 'the site’s own secret, long enough for HS256';
const hmacKey = new TextEncoder().encode(SECRET);
const now = () => Math.floor(Date.now() / 1000);

const sign = (claims: Record<string, unknown>, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(hmacKey);

let world: World;
let ada: Person;

beforeEach(async () => {
  vi.useRealTimers();
  world = await createWorld();
  ada = await world.somebody();
});

/** What an API client learns about its bearer token. */
async function refusalOf(token: string): Promise<string> {
  const response = await world.visit('/billing/manage', {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
  });
  expect(world.sessionsMade()).toBe(0);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  const problem = await response.json<{ code: string; detail: string }>();
  expect(problem.code).toBe('token_invalid');
  return problem.detail.replace('The token was refused: ', '').replace('.', '');
}

const openedBy = async (headers: Record<string, string>) => world.openedBy(headers);

describe('a token of the key set', () => {
  it('is taken from the Authorization header', async () => {
    expect(await openedBy(ada.bearer)).toBe(ada.customer);
  });

  it('is taken from the configured cookie', async () => {
    expect(await openedBy(ada.browser)).toBe(ada.customer);
  });

  it.each([
    'RS256',
    'RS384',
    'RS512',
    'PS256',
    'PS384',
    'PS512',
    'ES256',
    'ES384',
    'ES512',
    'EdDSA',
    'Ed25519',
  ])('may be signed with %s', async (alg) => {
    const { publicKey, privateKey } = await keyPairFor(alg);
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'own', alg }] };
    world.replaceProvider(async () => Response.json(keys));
    const token = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg, kid: 'own' })
      .sign(privateKey);
    expect(await openedBy({ authorization: `Bearer ${token}` })).toBe(ada.customer);
  });

  it('counts only with the algorithm that its key is for', async () => {
    const { publicKey, privateKey } = await keyPairFor('RS256');
    const jwk = await exportJWK(publicKey);
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey);
    const longer = await crypto.subtle.importKey(
      'pkcs8',
      pkcs8,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
      false,
      ['sign'],
    );
    const token = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'RS512', kid: 'own' })
      .sign(longer);
    const opened = async (alg: string) => {
      world = await createWorld();
      await world.keep({ id: ada.customer, subject: ada.subject });
      world.replaceProvider(async () => Response.json({ keys: [{ ...jwk, kid: 'own', alg }] }));
      return (await world.visit('/billing', { headers: { authorization: `Bearer ${token}` } }))
        .status;
    };
    expect([await opened('RS256'), await opened('RS512')]).toEqual([401, 200]);
  });

  it('needs no key id, even where several keys fit', async () => {
    const pairs = await Promise.all(
      [1, 2].map(() => generateKeyPair('ES256', { extractable: true })),
    );
    const keys = await Promise.all(pairs.map(({ publicKey }) => exportJWK(publicKey)));
    world.replaceProvider(async () => Response.json({ keys }));
    const token = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(pairs[1]!.privateKey);
    expect(await openedBy({ authorization: `Bearer ${token}` })).toBe(ada.customer);
    const stranger = await generateKeyPair('ES256');
    const forged = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'ES256' })
      .sign(stranger.privateKey);
    expect(await openedBy({ authorization: `Bearer ${forged}` })).toBeUndefined();
  });

  it('names the subject in the configured claim', async () => {
    world = await createWorld({ AUTH_SUBJECT_CLAIM: 'org_id' });
    const organisation = await world.somebody();
    const token = await world.provider.sign({
      ...world.claims('a member'),
      org_id: organisation.subject,
    });
    expect(await openedBy({ authorization: `Bearer ${token}` })).toBe(organisation.customer);
  });

  it.each<[string, string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['expired', 'of an expired token', (claims) => ({ ...claims, exp: now() - 61 })],
    ['not_yet_valid', 'of a token from the future', (claims) => ({ ...claims, nbf: now() + 65 })],
    ['issuer', 'of another issuer', (claims) => ({ ...claims, iss: 'https://other.example' })],
    ['audience', 'for another audience', (claims) => ({ ...claims, aud: 'another shop' })],
    ['expiry_missing', 'without an end', ({ exp: _, ...claims }) => claims],
    ['issuer', 'without an issuer', ({ iss: _, ...claims }) => claims],
    ['audience', 'without an audience', ({ aud: _, ...claims }) => claims],
    ['subject', 'without a subject', ({ sub: _, ...claims }) => claims],
    ['subject', 'with an empty subject', (claims) => ({ ...claims, sub: '' })],
  ])('is refused for its %s: one %s', async (reason, _, spoil) => {
    expect(await refusalOf(await world.provider.sign(spoil(world.claims(ada.subject))))).toBe(
      reason,
    );
  });

  it('may be a minute off, and no more', async () => {
    const late = await world.provider.sign({ ...world.claims(ada.subject), exp: now() - 55 });
    expect(await openedBy({ authorization: `Bearer ${late}` })).toBe(ada.customer);
  });

  it('is refused with a signature of another key', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const kid = JSON.parse(atob(ada.token.split('.')[0]!)).kid as string;
    const forged = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'ES256', kid })
      .sign(privateKey);
    expect(await refusalOf(forged)).toBe('signature');
  });

  it('is refused unsigned', async () => {
    const unsigned = new UnsecuredJWT(world.claims(ada.subject)).encode();
    expect(await refusalOf(unsigned)).toBe('algorithm');
  });

  it('is refused when a public key was used as an HMAC secret', async () => {
    const { publicKey } = await keyPairFor('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'rsa' };
    world.replaceProvider(async () => Response.json({ keys: [jwk] }));
    const confused = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
      .sign(new TextEncoder().encode(await exportSPKI(publicKey)));
    expect(await refusalOf(confused)).toBe('algorithm');
  });

  it.each(['', 'garbage', 'a.b.c', 'e30.e30.'])('is refused as %j', async (token) => {
    expect(await refusalOf(token)).toBe('malformed');
  });
});

describe('a token of the shared secret', () => {
  beforeEach(async () => {
    world = await createWorld({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_JWT_SECRET: SECRET });
    ada = await world.somebody();
  });

  it('is accepted', async () => {
    const token = await sign(world.claims(ada.subject));
    expect(await openedBy({ authorization: `Bearer ${token}` })).toBe(ada.customer);
  });

  it('is refused with any other algorithm or secret', async () => {
    expect(await refusalOf(await sign(world.claims(ada.subject), 'HS512'))).toBe('algorithm');
    expect(await refusalOf(ada.token)).toBe('algorithm');
    const other = await new SignJWT(world.claims(ada.subject))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('x'.repeat(32)));
    expect(await refusalOf(other)).toBe('signature');
  });
});

describe('a browser', () => {
  it('whose token has expired is sent to sign in, and back to the link', async () => {
    const expired = await world.provider.sign({ ...world.claims(ada.subject), exp: 1 });
    const response = await world.visit('/billing/manage?locale=de', {
      headers: { ...ada.browser, cookie: `session=${expired}` },
    });
    expect(response.status).toBe(303);
    const location = new URL(response.headers.get('location')!);
    expect(location.origin + location.pathname).toBe(`${ISSUER}/sign-in`);
    const back = new URL(location.searchParams.get('return_to')!);
    expect(back.origin + back.pathname).toBe(`${ORIGIN}/billing/manage`);
    expect(back.searchParams.get('locale')).toBe('de');
  });

  it('that comes back from sign-in unrecognised gets a page that says so, and no loop', async () => {
    const { cookie: _, ...signedOut } = ada.browser;
    const first = await world.visit('/billing/manage', { headers: signedOut });
    const back = new URL(first.headers.get('location')!).searchParams.get('return_to')!;
    const second = await world.visit(back, { headers: signedOut });
    expect(second.status).toBe(401);
    expect(await second.text()).toContain('Please sign in');
  });

  it('with another cookie of the same name that does not hold is recognised by the good one', async () => {
    const cookie = `session=stale; theme=dark; session=${ada.token}`;
    expect(await openedBy({ ...ada.browser, cookie })).toBe(ada.customer);
  });

  it('with more cookies of that name than a browser sends is nobody', async () => {
    const eve = await world.somebody();
    const cookie = `session=${eve.token}; session=a; session=b; session=c; session=${ada.token}`;
    expect(await openedBy({ ...ada.browser, cookie })).toBeUndefined();
    const few = `session=a; session=b; session=c; session=${ada.token}`;
    expect(await openedBy({ ...ada.browser, cookie: few })).toBe(ada.customer);
  });

  it('comes back to the configured origin, whichever it asked', async () => {
    world = await createWorld({ PUBLIC_ORIGIN: 'https://www.shop.example' });
    const response = await world.visit('https://shop.workers.dev//evil.example/..//billing/manage');
    expect(response.status).toBe(404);
    const signIn = await world.visit('https://shop.workers.dev/billing/manage?locale=de');
    const back = new URL(signIn.headers.get('location')!).searchParams.get('return_to')!;
    expect(back).toMatch(/^https:\/\/www\.shop\.example\/billing\/manage\?locale=de/);
  });

  it('with valid cookies of two people is nobody', async () => {
    const eve = await world.somebody();
    const cookie = `session=${eve.token}; session=${ada.token}`;
    const response = await world.visit('/billing/manage', { headers: { ...ada.browser, cookie } });
    expect(new URL(response.headers.get('location')!).origin).toBe(ISSUER);
    expect(world.sessionsMade()).toBe(0);
  });

  it('is not recognised by a cookie whose name merely ends alike', async () => {
    const cookie = `other_session=${ada.token}; session2=${ada.token}`;
    const response = await world.visit('/billing/manage', { headers: { ...ada.browser, cookie } });
    expect(new URL(response.headers.get('location')!).origin).toBe(ISSUER);
  });
});

describe('a bearer token beside a cookie', () => {
  it('alone counts, also when the cookie is another person’s', async () => {
    const eve = await world.somebody();
    expect(await openedBy({ ...ada.browser, ...eve.bearer })).toBe(eve.customer);
  });

  it('is not rescued by the cookie when it is bad', async () => {
    const headers = { ...ada.browser, authorization: 'Bearer bad' };
    const response = await world.visit('/billing/manage', { headers });
    expect(response.status).toBe(401);
    expect(world.sessionsMade()).toBe(0);
  });
});
