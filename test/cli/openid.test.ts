import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOpenIdProvider, type OpenIdProvider } from '../openid/provider.ts';
import { diagnose, troubles } from './diagnose.ts';
import { useHealthyWorkplace, workplace } from './use-workplace.ts';

const LINK_SECRET = 'a secret of the links with 32 characters and more';

let issuer: string;
let provider: OpenIdProvider;
/** Answers in place of the provider. */
let instead: ((request: Request) => Response | undefined) | undefined;
let metadata: Record<string, unknown>;

const serve = createAdaptorServer({
  fetch: async (request) => instead?.(request) ?? provider.fetch(request),
});
beforeAll(async () => {
  serve.listen(0, '127.0.0.1');
  await once(serve, 'listening');
  issuer = `http://127.0.0.1:${(serve.address() as AddressInfo).port}`;
});
afterAll(() => serve.close());

useHealthyWorkplace();
beforeEach(async () => {
  instead = undefined;
  metadata = {};
  const redirectUris = [`${workplace.origin}/billing/callback`];
  const client = { id: 'portal-link', secret: undefined, redirectUris };
  provider = await createOpenIdProvider({ issuer, client, metadata });
  workplace.configure({
    AUTH_JWKS_URL: '',
    AUTH_AUDIENCE: '',
    AUTH_COOKIE: '',
    SIGN_IN_URL: '',
    AUTH_ISSUER: issuer,
    AUTH_CLIENT_ID: 'portal-link',
  });
  const required = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'LINK_SECRET'];
  workplace.edit('wrangler.toml', { secrets: { required } });
  workplace.write('.dev.vars', `${workplace.read('.dev.vars')}\nLINK_SECRET=${LINK_SECRET}\n`);
});

/** Answers the authorization request so. */
const authorize = (answer: () => Response) => () => {
  instead = ({ url }) => (new URL(url).pathname === '/authorize' ? answer() : undefined);
};
const leadBack = (error: string) =>
  authorize(() => {
    const location = `${workplace.origin}/billing/callback?error=${error}`;
    return new Response(null, { status: 303, headers: { location } });
  });
const describeItself = (changes: Record<string, unknown>) => () => {
  Object.assign(metadata, changes);
};
/** The provider wants a secret, and the Worker has this one. */
const hasSecret = (secret?: string) => async () => {
  const redirectUris = [`${workplace.origin}/billing/callback`];
  const client = { id: 'portal-link', secret: 'new', redirectUris };
  provider = await createOpenIdProvider({ issuer, client, metadata });
  if (secret === undefined) return;
  const required = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'LINK_SECRET'];
  workplace.edit('wrangler.toml', { secrets: { required: [...required, 'AUTH_CLIENT_SECRET'] } });
  workplace.write('.dev.vars', `${workplace.read('.dev.vars')}AUTH_CLIENT_SECRET=${secret}\n`);
};
/** The client has a secret, and the token endpoint answers this to whatever it is. */
const answerAtToken = (status: number, body: () => object) => async () => {
  await hasSecret('new')();
  instead = ({ url }) =>
    new URL(url).pathname === '/token' ? Response.json(body(), { status }) : undefined;
};
const tokens = () => {
  const inBase64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: 'portal-link', sub: 'u', iat: now, exp: now + 60, nonce: 'n' };
  const idToken = `${inBase64({ alg: 'ES256' })}.${inBase64(claims)}.${inBase64({})}`;
  return { access_token: 'a', token_type: 'Bearer', id_token: idToken };
};
const configure = (settings: Record<string, string>) => () => workplace.configure(settings);

it('finds nothing wrong with a Worker that signs people in, and asks as it does', async () => {
  const diagnosis = await diagnose(workplace);
  expect(troubles(diagnosis)).toEqual([]);
  const openid = diagnosis.checks.filter(({ check }) => check.startsWith('openid_'));
  expect(openid.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  const asked = provider.requests.find(({ path }) => path === '/authorize');
  expect(asked?.parameters).toMatchObject({ prompt: 'none', code_challenge_method: 'S256' });
});

it('finds nothing wrong with a client that has a secret', async () => {
  await hasSecret('new')();
  expect(troubles(await diagnose(workplace))).toEqual([]);
});

it('does not repeat what a token endpoint quotes', async () => {
  await answerAtToken(400, () => ({ error: 'client_secret=new \u001B[2J' }))();
  const quoted = JSON.stringify(await diagnose(workplace));
  expect(quoted).toContain('an error that OAuth does not know');
  expect(quoted).not.toMatch(/secret=new|u001b/i);
});

it('does not look at a provider where the Worker signs nobody in', async () => {
  workplace.configure({ AUTH_CLIENT_ID: '', AUTH_JWKS_URL: `${issuer}/keys` });
  const { checks } = await diagnose(workplace);
  expect(checks.filter(({ check }) => check.startsWith('openid_'))).toEqual([]);
});

const faults: [what: string, make: () => unknown, found: string][] = [
  [
    'a discovery document of another issuer',
    describeItself({ issuer: 'https://other.example' }),
    'openid_discovery: failure',
  ],
  ['no client of this name', configure({ AUTH_CLIENT_ID: 'other' }), 'openid_redirect: failure'],
  [
    'an address that is not registered',
    configure({ PUBLIC_ORIGIN: 'http://127.0.0.1:9' }),
    'openid_redirect: failure',
  ],
  ['no secret where the client has one', hasSecret(), 'openid_client: failure'],
  ['a secret that the client no longer has', hasSecret('old'), 'openid_client: failure'],
  ['a token endpoint that is down', answerAtToken(502, () => ({})), 'openid_client: warning'],
  ['a token endpoint that takes every code', answerAtToken(200, tokens), 'openid_client: warning'],
  [
    'a token endpoint that looks at the code first',
    answerAtToken(400, () => ({ error: 'invalid_grant' })),
    'openid_client: warning',
  ],
  [
    'a client without the right to exchange codes',
    answerAtToken(403, () => ({ error: 'unauthorized_client' })),
    'openid_client: failure',
  ],
  [
    'an error that names more than one',
    answerAtToken(400, () => ({ error: 'the access_denied list' })),
    'openid_client: warning',
  ],
  ['a client that may not do so', leadBack('unauthorized_client'), 'openid_redirect: failure'],
  ['a scope that is refused', leadBack('invalid_scope'), 'openid_redirect: failure'],
  ['an error of the provider’s own', leadBack('teapot'), 'openid_redirect: warning'],
  [
    'a page in spite of prompt=none',
    authorize(() => new Response('Hi')),
    'openid_redirect: warning',
  ],
  [
    'a provider that is down',
    authorize(() => new Response(null, { status: 502 })),
    'openid_redirect: warning',
  ],
  [
    'redirects without end',
    authorize(() => new Response(null, { status: 303, headers: { location: '/authorize' } })),
    'openid_redirect: warning',
  ],
  [
    'a scope that is not listed',
    configure({ AUTH_SCOPES: 'openid pets' }),
    'openid_scopes: warning',
  ],
  [
    'a claim that is not listed',
    configure({ AUTH_CUSTOMER_CLAIM: 'stripe_customer' }),
    'openid_claims: warning',
  ],
  [
    'a clock that is five minutes ahead',
    () => {
      const date = new Date(Date.now() + 300_000).toUTCString();
      instead = ({ url }) =>
        new URL(url).pathname.startsWith('/.well-known/')
          ? Response.json(documentOf(issuer), { headers: { date } })
          : undefined;
    },
    'openid_clock: warning',
  ],
  [
    'a sign-in page of the site besides',
    configure({ SIGN_IN_URL: 'https://example.com/in?next={return_to}' }),
    'sign_in_url: failure',
  ],
  ['no origin of its own', configure({ PUBLIC_ORIGIN: '' }), 'public_origin: failure'],
];

const documentOf = (of: string) => ({
  issuer: of,
  authorization_endpoint: `${of}/authorize`,
  token_endpoint: `${of}/token`,
  jwks_uri: `${of}/keys`,
});

describe('doctor finds', () => {
  it.each(faults)('%s', async (_what, make, found) => {
    await make();
    const diagnosis = await diagnose(workplace);
    expect(troubles(diagnosis)).toContain(found);
    expect(troubles(diagnosis).filter((each) => /^(openid|identity|sign_in)/.test(each))).toEqual(
      /^(openid|sign_in)/.test(found) ? [found] : [],
    );
    const isTrouble = (outcome: string) => outcome === 'failure' || outcome === 'warning';
    const silent = diagnosis.checks.filter(({ outcome, next }) => isTrouble(outcome) && !next);
    expect(silent).toEqual([]);
  });

  it('no fault in a provider that lists no scopes and claims', async () => {
    describeItself({ scopes_supported: undefined, claims_supported: undefined })();
    expect(troubles(await diagnose(workplace))).toEqual([]);
  });

  it('a LINK_SECRET that is missing', async () => {
    const lines = workplace.read('.dev.vars').split('\n');
    workplace.write('.dev.vars', lines.filter((line) => !line.startsWith('LINK_')).join('\n'));
    const { checks } = await diagnose(workplace);
    expect(checks.find(({ check }) => check === 'identity_keys')).toMatchObject({
      outcome: 'failure',
      found: expect.stringContaining('LINK_SECRET'),
    });
  });
});
