import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../src/config/providers.ts';
import { SITES } from '../../src/config/site-session.ts';
import { WAYS } from '../../src/cli/setup/interview/ways.ts';
import { type Script } from './scripted.ts';
import {
  SITE,
  WORKER,
  CLIENT,
  ask,
  configOf,
  internet,
  issuer,
  site,
  useInternet,
} from './interview-world.ts';

useInternet();

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
    internet.redirectUris = ['https://elsewhere.example/callback'];
    const { said, asked } = await ask([...clerk(), [/Use it all the same/, ['', true as never]]]);
    expect(said).toContain(`it does not know the client, or not ${WORKER}/billing/callback`);
    expect(asked.filter((question) => question.includes('client id'))).toHaveLength(2);
  });

  it('says at once that its secret is wrong or missing, and asks again', async () => {
    internet.clientSecret = 'new';
    const { said, answers } = await ask([
      ...clerk().filter(([question]) => !question.test('client secret')),
      [/client secret/, ['', 'old', 'new']],
      [/Use it all the same/, ['', '']],
    ]);
    expect(said).toContain('The provider refuses the client without a secret: invalid_client.');
    expect(said).toContain('The provider refuses the client with this secret: invalid_client.');
    expect(said).toContain('The provider takes the secret.');
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
