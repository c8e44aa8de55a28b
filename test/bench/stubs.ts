import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const ORIGIN = 'https://shop.example';
const ISSUER = 'https://id.example';
const JWT_SECRET = 'a secret of the site, of at least 32 bytes';
export const STRIPE_KEY = 'sk_test_standin0000000000000000';

export type Algorithm = 'HS256' | 'ES256';

/** A subscriber as the lookup's row, in the order and by the names of its columns. */
const ROW = {
  id: 'cus_QXg1o8vlGMyVNo',
  email: 'ada@example.com',
  name: 'Ada',
  subscriptions: JSON.stringify([
    {
      id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
      status: 'active',
      items: [{ id: 'si_1', product: 'Pro', price: 'price_1', quantity: 1 }],
      cancelAt: null,
      currentPeriodEnd: 1_800_000_000,
      trialEnd: null,
      paused: false,
      resumesAt: null,
      terms: null,
    },
  ]),
  isSynced: 1,
  isRead: 1,
};
const SESSION = JSON.stringify({
  id: 'bps_1MrSjzLkdIwHu7ixex0IvU9b',
  object: 'billing_portal.session',
  configuration: 'bpc_1MAhNDLkdIwHu7ixckACO1Jq',
  created: 1_680_210_639,
  customer: ROW.id,
  flow: null,
  livemode: false,
  locale: null,
  on_behalf_of: null,
  return_url: `${ORIGIN}/billing`,
  url: 'https://billing.stripe.com/p/session/test_YWNjdF8xTTJKVGtMa2RJd0h1N2l4LF9OY',
});

/** D1 that answers at once: the subscriber for one subject, two customers or none for others. */
function createDatabase() {
  const counts = { queries: 0 };
  const rowsFor = (subject: unknown) =>
    subject === 'nobody' ? [] : subject === 'agency' ? [ROW, { ...ROW, id: 'cus_2' }] : [ROW];
  const statement = {
    bind: (subject: unknown) => ({
      all: async () => {
        counts.queries += 1;
        return { success: true, results: rowsFor(subject), meta: {} };
      },
      raw: async () => {
        counts.queries += 1;
        return rowsFor(subject).map((row) => Object.values(row));
      },
      run: async () => ({ success: true, results: [], meta: {} }),
    }),
  };
  const database = { prepare: () => statement, withSession: () => database };
  return { database, counts };
}

/** Stripe and the identity provider, both at once; the calls are counted. */
function installFetch(keySet: string) {
  const counts = { stripe: 0, keys: 0 };
  const real = globalThis.fetch;
  const json = { 'content-type': 'application/json' };
  globalThis.fetch = async (input) => {
    const address = input instanceof Request ? input.url : String(input);
    if (address.startsWith(ISSUER)) {
      counts.keys += 1;
      return new Response(keySet, { headers: json });
    }
    counts.stripe += 1;
    return new Response(SESSION, { headers: { ...json, 'request-id': 'req_1' } });
  };
  const restore = () => {
    globalThis.fetch = real;
  };
  return { counts, restore };
}

/** What all handlers are given: settings, D1, Stripe, and tokens to be verified for real. */
export async function createStubs() {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  const { counts: calls, restore } = installFetch(JSON.stringify({ keys: [jwk] }));
  const { database, counts } = createDatabase();

  const env = (algorithm: Algorithm) => ({
    DB: database,
    SESSION_LIMIT: {
      limit: async ({ key }: { key: string }) => ({ success: !key.endsWith('greedy') }),
    },
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
    STRIPE_API_BASE: '',
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: 'shop',
    AUTH_COOKIE: 'session',
    AUTH_SUBJECT_CLAIM: 'sub',
    SIGN_IN_URL: `${ISSUER}/sign-in?return_to={return_to}`,
    ...(algorithm === 'HS256'
      ? { AUTH_JWT_SECRET: JWT_SECRET }
      : { AUTH_JWKS_URL: `${ISSUER}/.well-known/jwks.json` }),
  });

  async function token(algorithm: Algorithm, claims: Record<string, unknown> = {}) {
    const now = Math.floor(Date.now() / 1000);
    const jwt = new SignJWT({ sub: 'ada', iss: ISSUER, aud: 'shop', exp: now + 3600, ...claims });
    const key = algorithm === 'HS256' ? new TextEncoder().encode(JWT_SECRET) : privateKey;
    return jwt
      .setProtectedHeader({ alg: algorithm, ...(algorithm === 'ES256' && { kid: jwk.kid }) })
      .sign(key);
  }

  return { env, token, calls, queries: counts, restore };
}

export type Stubs = Awaited<ReturnType<typeof createStubs>>;

/** A browser that follows the link. */
export function visit(token: string | undefined, headers: Record<string, string> = {}): Request {
  return new Request(`${ORIGIN}/billing/manage`, {
    headers: {
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'en-GB,en;q=0.9',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': 'cross-site',
      ...(token !== undefined && { cookie: `theme=dark; session=${token}` }),
      ...headers,
    },
  });
}

export const context = { waitUntil: () => {}, passThroughOnException: () => {} };
