import { base64url, exportJWK, exportSPKI, SignJWT } from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyPairFor } from '../key-pairs.ts';
import { createWorld, ISSUER, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;
let pair: { publicKey: CryptoKey; privateKey: CryptoKey };
let spki: string;
beforeAll(async () => {
  pair = await keyPairFor('RS256');
  spki = await exportSPKI(pair.publicKey);
});

/** Hosts that the Worker asked for anything. */
let fetched: string[];
beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
  fetched = [];
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'site', alg: 'RS256', use: 'sig' };
  const keySet = async (request: Request) => {
    fetched.push(request.url);
    return Response.json({ keys: [jwk] });
  };
  for (const host of ['id.example', 'evil.example']) world.answerAt(host, keySet);
});

const now = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => base64url.encode(JSON.stringify(value));

/** A token whose parts are exactly these, signed by the site's key by default. */
async function craft(header: object, payload: string, signer: CryptoKey = pair.privateKey) {
  const input = `${encode({ alg: 'RS256', kid: 'site', ...header })}.${base64url.encode(payload)}`;
  const signature = await crypto.subtle.sign(
    'RSASSA-PKCS1-v1_5',
    signer,
    new TextEncoder().encode(input),
  );
  return `${input}.${base64url.encode(new Uint8Array(signature))}`;
}

const claims = (more: object = {}) => JSON.stringify({ ...world.claims(ada.subject), ...more });
const hmac = async (secret: string, alg = 'HS256') =>
  new SignJWT(world.claims(ada.subject))
    .setProtectedHeader({ alg, kid: 'site' })
    .sign(new TextEncoder().encode(secret));
const unsigned = (alg: unknown) => `${encode({ alg, kid: 'site' })}.${base64url.encode(claims())}.`;

async function strangerSigned(header: object): Promise<string> {
  const stranger = await keyPairFor('RS256', 'a stranger');
  return craft(
    { jwk: await exportJWK(stranger.publicKey), ...header },
    claims(),
    stranger.privateKey,
  );
}

const NUL = String.fromCharCode(0);
const hostile: [what: string, make: () => Promise<string> | string][] = [
  ...['none', 'None', 'nOnE', 'NONE', '', null, 0, ['none']].map((alg): [string, () => string] => [
    `no signature, alg ${JSON.stringify(alg)}`,
    () => unsigned(alg),
  ]),
  ['the public key as an HMAC secret (SPKI)', () => hmac(spki)],
  ['the public key as an HMAC secret (one line)', () => hmac(spki.replaceAll('\n', ''))],
  ['the public key as an HMAC secret (HS512)', () => hmac(spki, 'HS512')],
  ['an empty HMAC secret', () => hmac(' ')],
  ['its own key embedded as jwk', () => strangerSigned({})],
  ['its own key set as jku', () => strangerSigned({ jku: 'https://evil.example/jwks.json' })],
  ['its own certificate as x5u', () => strangerSigned({ x5u: 'https://evil.example/cert.pem' })],
  ['a certificate in x5c', () => strangerSigned({ x5c: ['MIIB'] })],
  ['a key id that is a path', () => strangerSigned({ kid: '../../../../dev/null' })],
  ['a key id that is SQL', () => strangerSigned({ kid: "site' union select 'x" })],
  ['a key id of 10 kB', () => strangerSigned({ kid: 'k'.repeat(10_000) })],
  ['a key id that is no string', () => strangerSigned({ kid: { toString: 'site' } })],
  ['a key id with a NUL', () => strangerSigned({ kid: `site${NUL}` })],
  ['an unknown critical header', () => craft({ crit: ['b64x'], b64x: true }, claims())],
  ['an unencoded payload', () => craft({ crit: ['b64'], b64: false }, claims())],
  ['an empty list of critical headers', () => craft({ crit: [] }, claims())],
  ['claims that are a list', () => craft({}, '[]')],
  ['claims that are text', () => craft({}, '"ada"')],
  ['claims that are no JSON', () => craft({}, '{')],
  ['a token in a token', async () => craft({ cty: 'JWT' }, await craft({}, claims()))],
  ['a lifetime in words', () => craft({}, claims({ exp: 'tomorrow' }))],
  ['an endless lifetime', () => craft({}, claims({ exp: null }))],
  ['a lifetime of 1e400', () => craft({}, claims().replace(/"exp":\d+/, '"exp":1e400'))],
  ['a subject that is an object', () => craft({}, claims({ sub: { $ne: null } }))],
  ['a subject that is a list', () => craft({}, claims({ sub: [ada.subject] }))],
  ['another issuer', () => craft({}, claims({ iss: `${ISSUER}/` }))],
  ['issuers in a list', () => craft({}, claims({ iss: [ISSUER] }))],
  ['an issuer that begins alike', () => craft({}, claims({ iss: `${ISSUER}.evil.example` }))],
  ['an audience that holds ours', () => craft({}, claims({ aud: 'shop-admin' }))],
  ['no audience', () => craft({}, claims({ aud: [] }))],
  [
    'a second subject first (duplicate claims)',
    () => craft({}, claims().replace('{', '{"sub":"victim",').replace(ada.subject, '')),
  ],
  ['four parts', async () => `${await craft({}, claims())}.x`],
  ['an encrypted token’s five parts', () => 'eyJhbGciOiJkaXIifQ..a.b.c'],
  ['spaces', async () => (await craft({}, claims())).replace('.', ' .')],
  ['padding', async () => `${await craft({}, claims())}==`],
  ['standard base64', async () => (await craft({}, claims())).replace(/\.[^.]*$/, '.+/+/+/')],
  ['a header of its own type', () => `${encode('RS256')}.${base64url.encode(claims())}.AAAA`],
  ['8 kB of dots', () => '.'.repeat(8000)],
  ['20 kB', async () => craft({}, claims({ groups: 'g'.repeat(15_000) }))],
];

describe('a hostile token is refused, and makes the Worker fetch nothing:', () => {
  it.each(hostile)('%s', async (_what, make) => {
    const token = await make();
    for (const headers of [
      { authorization: `Bearer ${token}` },
      { cookie: `session=${token}`, accept: 'application/json' },
    ]) {
      const response = await world.visit('/billing/manage', { headers });
      expect(response.status).toBe(401);
      expect(await response.text()).not.toContain(token.slice(0, 40));
    }
    expect(world.stripe.requests.filter(({ path }) => path !== '/v1/customers')).toEqual([]);
    expect(fetched.filter((url) => url !== `${ISSUER}/.well-known/jwks.json`)).toEqual([]);
    expect(fetched.length).toBeLessThanOrEqual(2);
  });
});

describe('a token of the site', () => {
  const opened = async (token: string) => world.openedBy({ authorization: `Bearer ${token}` });

  it('needs no type, as providers differ', async () => {
    for (const typ of ['JWT', 'jwt', undefined]) {
      expect(await opened(await craft(typ === undefined ? {} : { typ }, claims()))).toBe(
        ada.customer,
      );
    }
  });

  it('with a claim twice is read as JSON is: the last counts, for the signature covers both', async () => {
    const twice = claims().replace('{', '{"sub":"victim",');
    expect(await opened(await craft({}, twice))).toBe(ada.customer);
  });

  it.each([
    ['expired 58 s ago', { exp: -58 }, true],
    ['expired 62 s ago', { exp: -62 }, false],
    ['valid in 58 s', { nbf: 58 }, true],
    ['valid in 62 s', { nbf: 62 }, false],
    ['issued in 3600 s, which nothing forbids', { iat: 3600 }, true],
  ])('%s', async (_what, offsets, holds) => {
    const times = Object.fromEntries(
      Object.entries(offsets).map(([name, by]) => [name, now() + by]),
    );
    expect((await opened(await craft({}, claims(times)))) !== undefined).toBe(holds);
  });

  it('of 7 kB is read', async () => {
    expect(await opened(await craft({}, claims({ groups: 'g'.repeat(5000) })))).toBe(ada.customer);
  });
});
