import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { PRESETS } from '../../src/config/providers.ts';
import { SITES } from '../../src/config/site-session.ts';
import { interview } from '../../src/cli/setup/interview/index.ts';
import { WAYS } from '../../src/cli/setup/interview/ways.ts';
import { createOpenIdProvider } from '../openid/provider.ts';
import { openSite } from './loopback-site.ts';
import { scripted, type Script } from './scripted.ts';

const SITE = 'https://shop.example.com';
const WORKER = 'https://billing.example.com';
const CLIENT = 'portal-link';

/** Pages of the site, by their path; everything else is not found there. */
let pages: Set<string>;
let hosts: Set<string>;
let zones: Set<string>;
/** What the front page answers. */
let front: () => Response;
let issuer: string;
let redirectUris: string[];
/** Undefined for a client without one. */
let clientSecret: string | undefined;
let site: Awaited<ReturnType<typeof openSite>>;

const provider = createAdaptorServer({
  fetch: async (request) => {
    const client = { id: CLIENT, secret: clientSecret, redirectUris };
    const openid = await createOpenIdProvider({ issuer, client, metadata: {} });
    return openid.fetch(request);
  },
});
beforeAll(async () => {
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterAll(() => provider.close());
beforeEach(async () => {
  pages = new Set(['/', '/sign-in', '/login']);
  hosts = new Set(['shop.example.com']);
  zones = new Set(['example.com']);
  front = () => new Response('a page', { headers: { 'cf-ray': '8f1-FRA' } });
  redirectUris = [`${WORKER}/billing/callback`];
  clientSecret = undefined;
  site = await openSite();
});
afterEach(() => site.close());

const target = {
  place: 'remote',
  workerName: 'portal-link',
  variables: {},
  routes: [],
  isOnWorkersDev: true,
} as never;

async function ask(script: Script, known?: string) {
  const { dialogue, asked, said } = scripted([[/Where does your site run/, SITE], ...script]);
  const answers = await interview(
    {
      dialogue,
      target,
      shell: {
        resolves: async (host: string) => hosts.has(host),
        fetch: async ({ origin, pathname }: URL) => {
          if (origin === SITE && pathname === '/') return front();
          return origin === SITE && pages.has(pathname)
            ? new Response('a page')
            : new Response('nothing', { status: 404 });
        },
      } as never,
      cloudflare: {
        subdomain: 'acme',
        zoneOf: async (host: string) => {
          const name = [...zones].find((zone) => `.${host}`.endsWith(`.${zone}`));
          return name === undefined ? { kind: 'none' } : { kind: 'found', name };
        },
      } as never,
    },
    known,
  );
  return { answers: answers!, asked, said: said.join('\n') };
}

/** What the Worker makes of the answers. */
function configOf({ settings, secrets, origin }: Awaited<ReturnType<typeof ask>>['answers']) {
  const parsed = parseConfig({
    STRIPE_SECRET_KEY: 'sk_test_0123456789',
    STRIPE_WEBHOOK_SECRET: 'whsec_0123',
    LINK_SECRET: 'a secret of the links with 32 characters and more',
    PUBLIC_ORIGIN: origin,
    ...settings,
    ...secrets,
  });
  expect(parsed).toMatchObject({ kind: 'valid' });
  return parsed.kind === 'valid' ? parsed.config : undefined;
}

it('offers every preset by a name that people know', () => {
  const offered = WAYS.map(({ value }) => value);
  expect(offered).toEqual(expect.arrayContaining([...Object.keys(PRESETS), ...Object.keys(SITES)]));
  expect(new Set(WAYS.map(({ label }) => label)).size).toBe(offered.length);
});

describe('a provider at which the Worker signs people in', () => {
  const clerk = (): Script => [
    [/How do people sign in/, 'clerk'],
    [/How should the Worker/, 'client'],
    [/On which host/, `${issuer}/`],
    [/client id/, CLIENT],
    [/client secret/, ''],
  ];

  it('needs four answers and a host of its own, and is tried with its client', async () => {
    const { answers, said } = await ask(clerk());
    expect(answers).toEqual({
      origin: WORKER,
      routes: [{ pattern: 'billing.example.com' }],
      open: [],
      settings: {
        HOME_URL: SITE,
        AUTH_PROVIDER: 'clerk',
        AUTH_DOMAIN: new URL(issuer).host,
        AUTH_CLIENT_ID: CLIENT,
      },
      secrets: {},
    });
    expect(said).toContain(`${WORKER}/billing/callback`);
    expect(said).toContain('The provider knows the client and the address.');
    expect(configOf(answers)!.auth.oidc).toMatchObject({ clientId: CLIENT });
  });

  it('says at once that the address is not registered, and asks again', async () => {
    redirectUris = ['https://elsewhere.example/callback'];
    const { said, asked } = await ask([...clerk(), [/Use it all the same/, ['', true as never]]]);
    expect(said).toContain(`it does not know the client, or not ${WORKER}/billing/callback`);
    expect(asked.filter((question) => question.includes('client id'))).toHaveLength(2);
  });

  it('says at once that its secret is wrong or missing, and asks again', async () => {
    clientSecret = 'new';
    const { said, answers } = await ask([
      ...clerk().filter(([question]) => !question.test('client secret')),
      [/client secret/, ['', 'old', 'new']],
      [/Use it all the same/, ['', '']],
    ]);
    expect(said).toContain('The provider refuses the client without a secret: invalid_client.');
    expect(said).toContain('The provider refuses the client with this secret: invalid_client.');
    expect(said).toContain('The provider takes the client with this secret.');
    expect(said).not.toContain('old');
    expect(answers.secrets).toEqual({ AUTH_CLIENT_SECRET: 'new' });
  });

  it('says at once that nothing answers on the host, and keeps the answer to correct it', async () => {
    const script = clerk().filter(([question]) => !question.test('On which host'));
    const { said, answers } = await ask([
      ...script,
      [/On which host/, ['127.0.0.1:9', issuer]],
      [/Use it all the same/, ['']],
    ]);
    expect(said).toContain('http://127.0.0.1:9 cannot be used');
    expect(answers.settings['AUTH_DOMAIN']).toBe(new URL(issuer).host);
  });

  it.each(['', '/.well-known/openid-configuration', '/'])(
    'is found by its issuer, given as …%s, and corrects its spelling',
    async (rest) => {
      const { answers } = await ask([
        [/How do people sign in/, 'issuer'],
        [/What is the issuer/, `${issuer}${rest}`],
        [/client id/, CLIENT],
      ]);
      expect(answers.settings['AUTH_ISSUER']).toBe(issuer);
    },
  );
});

describe('the place', () => {
  const offered = async (cookie: boolean) => {
    const way = cookie ? 'shared_secret' : 'links';
    const { said } = await ask([
      [/How do people sign in/, way],
      [/secret that your site/, 'a secret of the tokens with 32 characters and more'],
      [/Which cookie/, 'session'],
      [/Where do people sign in\?/, '/login'],
    ]);
    return [...said.matchAll(/^(https:\/\/\S+ \(\D+?\)) \((.*)\)$/gm)].map(([, place]) => place);
  };

  it('is on the site, where a cookie has to arrive', async () => {
    expect(await offered(true)).toEqual([
      'https://shop.example.com (a route on your site)',
      'https://billing.example.com (a host of its own)',
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  it('is never below workers.dev for a cookie, also where the site is not at Cloudflare', async () => {
    zones.clear();
    expect(await offered(true)).toEqual([
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  it('can be anywhere without a cookie', async () => {
    zones.clear();
    expect(await offered(false)).toEqual([
      'https://portal-link.acme.workers.dev (nothing else is needed)',
      'https://shop.example.com (your site passes requests on)',
    ]);
  });

  const links = (...more: Script): Script => [[/How do people sign in/, 'links'], ...more];

  it('has exact routes on the site’s host', async () => {
    const { answers } = await ask(links([/Where should/, 'route']));
    expect(answers.origin).toBe(SITE);
    expect(answers.routes).toEqual([
      { pattern: 'shop.example.com/billing*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/stripe/*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/links*', zone: 'example.com' },
      { pattern: 'shop.example.com/api/openapi.json*', zone: 'example.com' },
    ]);
  });

  it('leaves a rewrite to the operator, with the address to pass on to', async () => {
    const { answers } = await ask(links([/Where should/, 'rewrite']));
    expect(answers).toMatchObject({ origin: SITE, routes: [] });
    expect(answers.open.join()).toContain('https://portal-link.acme.workers.dev');
  });

  it('is no host that has a DNS record already', async () => {
    hosts.add('billing.example.com');
    const { said, answers } = await ask(
      links([/Where should/, ['own_host', 'workers_dev']], [/Use it all/, ['']]),
    );
    expect(said).toContain('billing.example.com has a DNS record already');
    expect(answers.origin).toBe('https://portal-link.acme.workers.dev');
  });

  it('can be typed, and DNS has to know it', async () => {
    hosts.add('pay.example.org');
    const { said, answers } = await ask(
      links(
        [/Where should/, 'typed'],
        [/At which address/, ['pay', 'https://pya.example.org', 'https://pay.example.org']],
        [/Use it all/, ['']],
      ),
    );
    expect(said).toContain('write an address such as');
    expect(said).toContain('DNS has no address for pya.example.org');
    expect(answers.origin).toBe('https://pay.example.org');
  });

  it('is no route where Cloudflare does not pass the site’s requests on', async () => {
    front = () => new Response('a page');
    expect((await offered(true)).join()).not.toContain('a route on your site');
  });

  it('is on the site’s own host for a cookie that never leaves it', async () => {
    const { said } = await ask([
      [/How do people sign in/, 'clerk'],
      [/How should the Worker/, 'cookie'],
      [/On which host/, issuer],
      [/Where do people sign in\?/, '/login'],
    ]);
    expect(said).toContain('a route on your site');
    expect(said).not.toContain('a host of its own');
  });

  it('is where a site that redirects leads to', async () => {
    front = () => Response.redirect('https://www.example.com/', 308);
    const { dialogue, asked, said } = scripted([
      [/How do people sign in/, 'links'],
      [/Where does your site run/, [SITE]],
    ]);
    const shell = {
      resolves: async () => false,
      fetch: async ({ origin }: URL) => (origin === SITE ? front() : new Response('a page')),
    };
    const cloudflare = { subdomain: 'acme', zoneOf: async () => ({ kind: 'none' }) };
    const answers = await interview(
      { dialogue, target, shell: shell as never, cloudflare: cloudflare as never },
      undefined,
    );
    expect(said.join()).toContain('redirects to https://www.example.com');
    expect(asked.filter((question) => question.startsWith('Where does your site'))).toHaveLength(2);
    expect(answers!.settings['HOME_URL']).toBe('https://www.example.com');
  });

  it('is made where it is settled and nothing leads to it', async () => {
    const { answers, asked } = await ask(links([/What leads to/, 'own_host']), WORKER);
    expect(asked.join()).toContain('What leads to billing.example.com?');
    expect(answers.routes).toEqual([{ pattern: 'billing.example.com' }]);
    const left = await ask(links([/What leads to/, 'other']), WORKER);
    expect(left.answers.open.join()).toContain('Nothing leads to https://billing.example.com');
  });

  it('is not asked for where it is settled', async () => {
    const { asked, answers } = await ask(links(), WORKER);
    expect(asked.join()).not.toContain('Where should');
    expect(answers.origin).toBe(WORKER);
  });
});

describe('a site that is asked who a visitor is', () => {
  const better = (...more: Script): Script => [
    [/How do people sign in/, 'better-auth'],
    [/Where do people sign in\?/, '/login'],
    ...more,
  ];

  it('is tried with a made-up session, and named twice on another host than the Worker’s', async () => {
    const { answers, said } = await ask(
      better([/Where does Better Auth/, `${site.origin}/api/auth/get-session`]),
    );
    expect(said).toContain('knows nobody by a made-up session');
    expect(site.cookies.join()).toContain('better-auth.session_token=made-up');
    expect(answers.settings).toMatchObject({
      SESSION_PRESET: 'better-auth',
      SESSION_URL: `${site.origin}/api/auth/get-session?disableRefresh=true&disableCookieCache=true`,
      SESSION_HOST: site.host,
      SIGN_IN_URL: '/login',
    });
    expect(configOf(answers)!.auth.site?.url.host).toBe(site.host);
  });

  it('says what is wrong with an endpoint that names somebody, and asks again', async () => {
    site.answer(() => Response.json({ user: { id: 'anna' } }));
    const { said } = await ask(
      better(
        [/Where does Better Auth/, `${site.origin}/api/auth/get-session`],
        [/Use it all/, true],
      ),
    );
    expect(said).toContain('everybody would get this account');
  });

  it('asks Rails for the name of its cookie', async () => {
    const { answers } = await ask([
      [/How do people sign in/, 'rails'],
      [/Which cookie/, '_shop_session'],
      [/At which address does your site/, `${site.origin}/billing-session`],
      [/Where do people sign in\?/, '/login'],
    ]);
    expect(configOf(answers)!.auth.site?.cookies).toEqual(['_shop_session']);
  });
});

describe('tokens of the site', () => {
  it('are verified with the keys that its issuer names', async () => {
    const { answers } = await ask([
      [/How do people sign in/, 'key_set'],
      [/publish its keys/, issuer],
      [/`aud`/, 'shop'],
      [/Which cookie/, 'session'],
      [/Where do people sign in\?/, ['/nowhere', '/login']],
      [/Use it all/, ['']],
    ]);
    expect(answers.settings).toMatchObject({
      AUTH_ISSUER: issuer,
      AUTH_AUDIENCE: 'shop',
      SIGN_IN_URL: '/login',
    });
    expect(configOf(answers)!.auth.keys).toMatchObject({ kind: 'jwks' });
  });

  it('are verified with a secret that goes nowhere but into the secrets', async () => {
    const secret = 'a secret of the tokens with 32 characters and more';
    const { answers, said } = await ask([
      [/How do people sign in/, 'shared_secret'],
      [/secret that your site/, ['short', secret]],
      [/Which cookie/, 'session'],
      [/Where do people sign in\?/, '/login'],
    ]);
    expect(answers.secrets).toEqual({ AUTH_JWT_SECRET: secret });
    expect(said).not.toContain(secret);
    expect(configOf(answers)!.auth.keys).toMatchObject({ kind: 'secret' });
  });
});

it('gives a site without accounts a secret for its links', async () => {
  const { answers } = await ask([[/How do people sign in/, 'links']]);
  expect(answers.secrets['LINK_SECRET']!.length).toBeGreaterThanOrEqual(32);
  expect(configOf(answers)!.linkSecrets).toHaveLength(1);
});
