import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { createProvider } from '../../src/identity/provider.ts';
import { createSignIn } from '../../src/identity/sign-in.ts';
import { CTRL_C, ENTER, inTerminal } from './in-terminal.ts';
import { openSite } from './loopback-site.ts';
import { useWorkplace, workplace } from './use-workplace.ts';

const SECRET = 'the secret of the site’s own session tokens';
const NONE = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', AUTH_COOKIE: '' };
const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3_600;

let site: Awaited<ReturnType<typeof openSite>>;

useWorkplace();
beforeEach(async () => {
  site = await openSite();
  workplace.configure({ ...NONE, PUBLIC_ORIGIN: site.origin });
});
afterEach(async () => {
  site.close();
});

const given: Record<string, string> = { AUTH_JWT_SECRET: SECRET };
/** What the command says of a cookie. No value of the cookie is ever in it. */
async function ask(cookie: string, secrets = given) {
  const input = new Uint8Array(new TextEncoder().encode(cookie));
  const run = await workplace.run(['doctor', '--cookie'], secrets, input);
  for (const pair of cookie.split(';')) {
    const value = pair.slice(pair.indexOf('=') + 1).trim();
    if (value.length > 8) expect(run.output).not.toContain(value);
  }
  return run;
}
const sign = async (claims: Record<string, unknown>, secret = SECRET) =>
  new SignJWT({ exp: IN_AN_HOUR, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));

describe('a token in the site’s cookie', () => {
  beforeEach(() =>
    workplace.configure({ AUTH_COOKIE: 'session', AUTH_ISSUER: 'https://id.example' }),
  );
  const good = { sub: 'user_42', iss: 'https://id.example' };

  it.each([
    ['the pair', (token: string) => `session=${token}`],
    ['the header', (token: string) => `Cookie: other=1; session=${token}\r\n`],
    ['the value alone', (token: string) => token],
  ])('names somebody, given as %s', async (_, given_) => {
    const token = await sign({ ...good, email: 'ada@example.com', email_verified: true });
    const { status, output } = await ask(given_(token));
    expect(output).toContain('subject user_42 (ada@example.com, verified)');
    expect(output).toContain('the cookie session');
    expect(output).toContain('npm run customer -- WHO');
    expect(status).toBe(0);
  });

  it.each<[string, () => Promise<string>, string]>([
    [
      'under another name',
      async () => `other=1; sesion=${await sign(good)}`,
      'There is no cookie called session. There are: other, sesion.',
    ],
    ['that is empty', async () => 'session=', 'The cookie session is empty'],
    [
      'that has expired',
      async () => `session=${await sign({ ...good, exp: 1_700_000_000 })}`,
      'It named subject user_42, and expired at 2023-11-14T22:13:20.000Z',
    ],
    [
      'of another issuer',
      async () => `session=${await sign({ ...good, iss: 'https://evil.example' })}`,
      '"iss":"https://evil.example"',
    ],
    [
      'for an audience',
      async () => `session=${await sign({ ...good, aud: 'shop' })}`,
      'It is for another audience. It says {"alg":"HS256","iss":"https://id.example","aud":"shop"',
    ],
    [
      'of another secret',
      async () => `session=${await sign(good, 'another secret that signs session tokens')}`,
      'Its signature, or seal, is of another key or secret.',
    ],
    ['that is none', async () => 'session=opaque-and-long', 'It is no token of this kind'],
    [
      'twice, of two people',
      async () => `session=${await sign(good)}; session=${await sign({ ...good, sub: 'user_43' })}`,
      'they name two people',
    ],
    ['without a subject', async () => `session=${await sign({ iss: good.iss })}`, 'says who it is'],
  ])('names nobody %s, and the command says why', async (_, cookie, why) => {
    const { status, output } = await ask(await cookie());
    expect(output).toContain('nobody');
    expect(output).toContain(why);
    expect(status).toBe(1);
  });
});

describe('the cookie of @supabase/ssr', () => {
  const NAME = 'sb-127-auth-token';
  const inChunks = (value: string) =>
    [value.slice(0, 99), value.slice(99, 199), value.slice(199)].map(
      (chunk, number) => `${NAME}.${number}=${chunk}`,
    );

  async function chunks() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'k' };
    site.answer(() => Response.json({ keys: [jwk] }));
    workplace.configure({ AUTH_PROVIDER: 'supabase', AUTH_DOMAIN: site.host });
    const issuer = `${site.origin}/auth/v1`;
    const token = await new SignJWT({ sub: 'user_42', aud: 'authenticated', exp: IN_AN_HOUR })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(issuer)
      .sign(privateKey);
    const session = JSON.stringify({ access_token: token, refresh_token: 'refresh' });
    return inChunks(`base64-${base64url.encode(session)}`);
  }

  it('names somebody in chunks, and nobody without one of them or with one twice', async () => {
    const all = await chunks();
    expect((await ask(all.join('; '), {})).output).toContain('subject user_42');
    const [first = '', , third = ''] = all;
    expect((await ask(`${first}; ${third}`, {})).output).toContain(
      `The chunk ${NAME}.1 is missing.`,
    );
    expect((await ask([...all, `${NAME}.1=other`].join('; '), {})).output).toContain(
      `The chunk ${NAME}.1 is there twice.`,
    );
    expect((await ask(`${NAME}=base64-eyJ`, {})).output).toContain('holds no session');
  });

  it('cannot be verified while the keys cannot be loaded', async () => {
    const all = await chunks();
    site.answer(() => new Response('oops', { status: 500 }));
    const { output, status } = await ask(all.join('; '), {});
    expect(output).toContain('It cannot be verified: No keys to verify with');
    expect(status).toBe(1);
  });
});

describe('a site that is asked', () => {
  const COOKIE = 'connect.sid=s%3Aopaque-session';
  beforeEach(() => workplace.configure({ SESSION_PRESET: 'express', SESSION_URL: '/me' }));

  it('names somebody', async () => {
    site.answer(() => Response.json({ sub: 42, email: 'ada@example.com' }));
    const { output } = await ask(`theirs=1; ${COOKIE}`, {});
    expect(output).toContain('subject 42 (ada@example.com)');
    expect(output).toContain(`the answer of ${site.host}`);
    expect(site.cookies).toEqual([COOKIE]);
  });

  it.each<[string, () => Response, string]>([
    ['null', () => Response.json(null), 'answers with JSON that nobody is signed in'],
    ['302', () => Response.redirect(`${site.origin}/in`), 'answers with 302 that nobody'],
    ['500', () => new Response('oops', { status: 500 }), 'it answers 500'],
    ['HTML', () => new Response('<p>', { headers: { 'content-type': 'text/html' } }), 'not JSON'],
    ['out of a cache', () => Response.json(null, { headers: { age: '1' } }), 'a cache answered'],
    [
      'for somebody who is impersonated',
      () => Response.json({ sub: '42', act: 'admin' }),
      'does not count: token_type',
    ],
  ])('answers %s, and the command says so', async (_, answer, why) => {
    site.answer(answer);
    const { output, status } = await ask(COOKIE, {});
    expect(output).toContain(why);
    expect(status).toBe(1);
  });

  it('is not asked without its cookie', async () => {
    const { output } = await ask('sid=opaque-session', {});
    expect(output).toContain('There is no cookie called connect.sid. There are: sid.');
    expect(site.cookies).toEqual([]);
  });
});

describe('a sign-in at the provider', () => {
  const LINK_SECRET = 'the secret that links are signed with';
  const settings = { AUTH_CLIENT_ID: 'portal', AUTH_ISSUER: 'https://id.example' };

  async function cookie(at: Date) {
    const secrets = { STRIPE_SECRET_KEY: 'sk_test_0123456789', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
    const parsed = parseConfig({
      ...secrets,
      LINK_SECRET,
      ...settings,
      PUBLIC_ORIGIN: site.origin,
    });
    if (parsed.kind === 'invalid') throw new Error('These settings are valid.');
    const signIn = createSignIn(parsed.config, createProvider(settings.AUTH_ISSUER))!;
    return `account=${await signIn.sessions.close({ subject: 'user_42' }, site.origin, at)}`;
  }

  it('is read with LINK_SECRET, and tells one that has expired or is sealed otherwise', async () => {
    workplace.configure(settings);
    const now = await cookie(new Date());
    expect((await ask(now, { LINK_SECRET })).output).toContain('a sign-in here (account)');
    const old = await cookie(new Date(Date.now() - 3_600_000));
    expect((await ask(old, { LINK_SECRET })).output).toContain('account has expired');
    const other = { LINK_SECRET: 'another secret that links are signed with' };
    expect((await ask(now, other)).output).toContain('was not sealed with this LINK_SECRET');
    expect((await ask('a=1', { LINK_SECRET })).output).toContain('no cookie called account');
  });
});

it('refuses to look without a cookie, or while the settings are wrong', async () => {
  workplace.configure({ AUTH_COOKIE: 'session' });
  expect(await ask('', given)).toMatchObject({
    status: 2,
    output: expect.stringContaining('standard input is empty'),
  });
  expect(await ask('session=x', {})).toMatchObject({
    status: 2,
    output: expect.stringContaining('Secrets are read from the environment or .dev.vars'),
  });
});

it('reads the cookie in a terminal without showing it', async () => {
  workplace.configure({ SESSION_PRESET: 'express', SESSION_URL: '/me' });
  site.answer(() => Response.json({ sub: '42' }));
  const { screen, status } = await inTerminal(workplace, ['doctor', '--cookie'], (question) =>
    question.startsWith('The Cookie header') ? `connect.sid=opaque-session${ENTER}` : CTRL_C,
  );
  expect(screen).toContain('subject 42');
  expect(screen).not.toContain('opaque');
  expect(status).toBe(0);
});
