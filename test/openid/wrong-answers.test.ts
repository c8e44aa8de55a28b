import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listen } from '../log.ts';
import { ORIGIN, type Person, type World } from '../world.ts';
import {
  CLIENT,
  createBrowser,
  OPENID_ISSUER,
  openIdProvider,
  createSignInWorld,
} from './browser.ts';
import type { OpenIdProvider, Wrongs } from './provider.ts';

let world: World;
let provider: OpenIdProvider;
let browser: ReturnType<typeof createBrowser>;
let ada: Person;

beforeEach(async () => {
  ({ world, provider, browser, ada } = await createSignInWorld());
});

const isSignedIn = () => browser.cookie('__Host-account') !== undefined;
const calls = (path: string) => provider.requests.filter((request) => request.path === path);

/** The code that a page of the Worker names. */
const codeOn = async (response: Response) => response.headers.get('x-error-code') ?? undefined;

describe('a provider that answers wrongly', () => {
  it.each<[string, Wrongs, string]>([
    ['another issuer (mix-up)', { answer: { iss: 'https://evil.example' } }, 'sign_in_unfinished'],
    [
      'no issuer, though it says that it sends one',
      { answer: { iss: null } },
      'sign_in_unfinished',
    ],
    ['another nonce (code injection)', { claims: { nonce: 'other' } }, 'sign_in_unfinished'],
    ['no nonce', { claims: { nonce: undefined } }, 'sign_in_failed'],
    ['a token of another issuer', { claims: { iss: 'https://evil.example' } }, 'sign_in_failed'],
    ['a token for another client', { claims: { aud: 'other' } }, 'sign_in_failed'],
    ['a token for several clients', { claims: { aud: ['other', CLIENT.id] } }, 'sign_in_failed'],
    ['a token of another client', { claims: { azp: 'other' } }, 'token_invalid'],
    ['an expired token', { claims: { exp: 1 } }, 'sign_in_failed'],
    ['a token without a subject', { claims: { sub: undefined } }, 'sign_in_failed'],
    ['an impersonated session', { claims: { act: { sub: 'admin' } } }, 'token_invalid'],
    ['a logout token', { header: { typ: 'logout+jwt' } }, 'token_invalid'],
    ['no code', { answer: { code: null } }, 'sign_in_failed'],
    ['access_denied', { answer: { code: null, error: 'access_denied' } }, 'sign_in_denied'],
    [
      'login_required to a visible attempt',
      { answer: { code: null, error: 'login_required' } },
      'sign_in_denied',
    ],
    ['invalid_scope', { answer: { code: null, error: 'invalid_scope' } }, 'sign_in_failed'],
    [
      'server_error',
      { answer: { code: null, error: 'server_error' } },
      'identity_provider_unavailable',
    ],
    ['an ID token in the address', { answer: { id_token: 'a.b.c' } }, 'sign_in_unfinished'],
  ])('%s', async (_, wrongs, code) => {
    provider.goWrong(wrongs);
    const response = await browser.visit('/billing/manage');
    expect(await codeOn(response)).toBe(code);
    expect(isSignedIn()).toBe(false);
    expect(world.sessionsMade()).toBe(0);
  });

  it('signs nobody in by a token without a signature', async () => {
    const url = await browser.beginAt('/billing/manage');
    const claims = {
      iss: OPENID_ISSUER,
      sub: ada.subject,
      aud: CLIENT.id,
      nonce: url.searchParams.get('nonce'),
    };
    const none = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('1h').encode();
    provider.goWrong({ idToken: none });
    expect(await codeOn(await browser.ask(await browser.answerTo(url)))).toBe('sign_in_failed');
    expect(isSignedIn()).toBe(false);
  });

  it('signs nobody in by a token with a key that is not published', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const url = await browser.beginAt('/billing/manage');
    const claims = {
      iss: OPENID_ISSUER,
      sub: ada.subject,
      aud: CLIENT.id,
      nonce: url.searchParams.get('nonce'),
    };
    const idToken = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    provider.goWrong({ idToken });
    expect(await codeOn(await browser.ask(await browser.answerTo(url)))).toBe('token_invalid');
    expect(isSignedIn()).toBe(false);
  });

  it('says in the log why, without a code, a token or an address', async () => {
    const lines = listen('info');
    provider.goWrong({ claims: { nonce: 'other' } });
    await browser.visit('/billing/manage');
    const line = lines().find(({ outcome }) => outcome === 'sign_in_unfinished');
    expect(line?.['token_refusal']).toBe('provider: nonce');
    expect(JSON.stringify(lines())).not.toMatch(/code=|eyJ|ada@|state=/);
  });
});

describe('a provider that is down', () => {
  const down = () => new Response('Bad gateway', { status: 502 });

  it.each<[string, NonNullable<Wrongs['endpoints']>]>([
    ['at its discovery document', { discovery: down }],
    ['at its token endpoint', { token: down }],
    ['at its keys', { keys: down }],
    ['with HTML for JSON', { discovery: () => new Response('<p>Hello') }],
  ])('%s: the visitor may try again', async (_, endpoints) => {
    provider.goWrong({ endpoints });
    const response = await browser.visit('/billing/manage');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await codeOn(response)).toBe('identity_provider_unavailable');
    provider.goWrong({});
    vi.setSystemTime(Date.now() + 5_000);
    await browser.visit('/billing/manage');
    expect(world.sessionsMade()).toBe(1);
  });

  it.each<[string, Record<string, unknown>]>([
    ['is of another issuer', { issuer: 'https://evil.example' }],
    ['is of an issuer that only ends with a slash', { issuer: `${OPENID_ISSUER}/` }],
    ['names an endpoint without https', { token_endpoint: 'http://openid.example/token' }],
    ['names no keys', { jwks_uri: undefined }],
  ])('counts as down when its discovery document %s', async (_, metadata) => {
    provider = await openIdProvider(world, { metadata });
    browser = createBrowser(world, provider);
    expect(await codeOn(await browser.visit('/billing/manage'))).toBe(
      'identity_provider_unavailable',
    );
    expect(calls('/authorize')).toEqual([]);
  });

  it.each([
    ['HTTP Basic', ['client_secret_basic']],
    ['the body', ['client_secret_basic', 'client_secret_post']],
  ])('says who has to mend a wrong client secret in %s', async (_, methods) => {
    const client = { ...CLIENT, secret: 'r-ght:%' };
    const metadata = { token_endpoint_auth_methods_supported: methods };
    provider = await openIdProvider(world, { client, metadata });
    provider.signIn(ada.subject);
    world.configure({ AUTH_CLIENT_SECRET: 'wrong' } as Partial<Env>);
    browser = createBrowser(world, provider);
    const response = await browser.visit('/billing/manage');
    expect(response.status).toBe(502);
    expect(await codeOn(response)).toBe('sign_in_failed');
    world.configure({ AUTH_CLIENT_SECRET: 'r-ght:%' } as Partial<Env>);
    await browser.visit('/billing/manage');
    expect(world.sessionsMade()).toBe(1);
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'is met by %s where it holds the client to that, and offers both',
    async (method) => {
      const client = { ...CLIENT, secret: 'r-ght:%', method };
      const token_endpoint_auth_methods_supported = ['client_secret_basic', 'client_secret_post'];
      provider = await openIdProvider(world, {
        client,
        metadata: { token_endpoint_auth_methods_supported },
      });
      provider.signIn(ada.subject);
      world.configure({ AUTH_CLIENT_SECRET: 'r-ght:%' } as Partial<Env>);
      browser = createBrowser(world, provider);
      await browser.visit('/billing/manage');
      expect(world.sessionsMade()).toBe(1);
    },
  );
});

describe('the page about a sign-in that failed', () => {
  it.each<[string, Wrongs]>([
    ['Try again', { endpoints: { token: () => new Response(null, { status: 502 }) } }],
    ['Sign in', { answer: { code: null, error: 'access_denied' } }],
    ['Sign in', { answer: { iss: null } }],
  ])('leads by “%s” to a new attempt, with the whole intent', async (label, wrongs) => {
    provider.goWrong(wrongs);
    const page = await (await browser.visit('/billing/manage?return_to=/there')).text();
    const link = new RegExp(`<a [^>]*href="([^"]*)"[^>]*>${label}<`).exec(page)?.[1] ?? '';
    provider.goWrong({});
    await browser.visit(link.replaceAll('&amp;', '&'));
    expect(world.callsTo('/v1/billing_portal/sessions')[0]?.parameters['return_url']).toBe(
      `${ORIGIN}/there`,
    );
  });

  it('leads to a new attempt where there was none, too', async () => {
    const page = await (await browser.visit('/billing/callback?state=other&code=x')).text();
    expect(page).toContain('href="https://shop.example/billing/authorize?to=%2Fbilling"');
  });
});
