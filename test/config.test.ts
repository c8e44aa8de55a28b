import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config/config.ts';

const complete = {
  STRIPE_SECRET_KEY: 'sk_test_0123456789',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  AUTH_JWT_SECRET: 'a secret of thirty-two characters',
};

function problemsOf(settings: Record<string, unknown>): Record<string, string> {
  const parsed = parseConfig({ ...complete, ...settings });
  if (parsed.kind === 'valid') return {};
  return Object.fromEntries(parsed.problems.map(({ key, remedy }) => [key, remedy]));
}

function configOf(settings: Record<string, unknown>) {
  const parsed = parseConfig({ ...complete, ...settings });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

describe('parseConfig', () => {
  it('needs no more than the two Stripe secrets and a way to verify tokens', () => {
    expect(configOf({})).toMatchObject({
      livemode: false,
      webhookSecrets: ['whsec_0123456789'],
      linkSecrets: [],
      auth: { keys: { kind: 'secret' }, claims: { subjects: ['sub'] } },
      brand: { name: undefined, logo: undefined, legalLinks: [] },
      customerMetadataKey: 'user_id',
    });
  });

  it('takes an empty value for one that is not set', () => {
    expect(problemsOf({ AUTH_JWKS_URL: '', SIGN_IN_URL: '', BRAND_COLOR: '' })).toEqual({});
  });

  it('names everything that is wrong at once', () => {
    const problems = problemsOf({
      STRIPE_SECRET_KEY: undefined,
      AUTH_JWT_SECRET: 'short',
      BRAND_COLOR: 'blue',
      PUBLIC_ORIGIN: 'https://shop.example/',
    });
    expect(Object.keys(problems).toSorted()).toEqual([
      'AUTH_JWT_SECRET',
      'BRAND_COLOR',
      'PUBLIC_ORIGIN',
      'STRIPE_SECRET_KEY',
    ]);
  });

  it.each(['sk_test_0123456789', 'rk_test_0123456789'])('reads test mode from %s', (key) => {
    expect(configOf({ STRIPE_SECRET_KEY: key }).livemode).toBe(false);
  });

  it.each(['sk_live_0123456789', 'rk_live_0123456789'])('reads live mode from %s', (key) => {
    expect(configOf({ STRIPE_SECRET_KEY: key }).livemode).toBe(true);
  });

  it('splits secrets that are being rotated', () => {
    const config = configOf({
      STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
      LINK_SECRET: `${'n'.repeat(32)},${'o'.repeat(32)}`,
    });
    expect(config.webhookSecrets).toEqual(['whsec_new', 'whsec_old']);
    expect(config.linkSecrets).toHaveLength(2);
  });

  it('reads what each API key may do; a key by itself may sign', () => {
    const [a, b, c] = ['a', 'b', 'c:d:'].map((letter) => letter.repeat(32));
    const given = `${a}, read+revoke:${b},sign:${c}`;
    expect(configOf({ LINK_SECRET: 'n'.repeat(32), LINK_API_KEY: given }).apiKeys).toEqual([
      { key: a, may: ['sign'] },
      { key: b, may: ['read', 'revoke'] },
      { key: c, may: ['sign'] },
    ]);
    // Reading needs no secret of links.
    expect(configOf({ LINK_API_KEY: `read:${b}` }).apiKeys).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['STRIPE_SECRET_KEY', 'pk_test_0123456789'],
    ['STRIPE_SECRET_KEY', 'sk_test_0123456789\n'],
    ['STRIPE_WEBHOOK_SECRET', 'whsec_good,'],
    ['STRIPE_WEBHOOK_SECRET', ''],
    ['LINK_SECRET', 'too short'],
    ['LINK_API_KEY', 'too short'],
    ['LINK_API_KEY', `read:${'k'.repeat(31)}`],
    ['LINK_API_KEY', `reed:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `read+:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `READ:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `read, sign:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `read+sign:${'k'.repeat(32)}`],
    ['LINK_API_KEY', `revoke:${'k'.repeat(32)}`],
    ['LINK_API_KEY', 'long enough but without LINK_SECRET'],
    ['EMAIL_FROM', 'nobody'],
    ['EMAIL_FROM', 'Shop <billing@shop.example>'],
    ['EMAIL_FROM', 'billing@shop.example'],
    ['TURNSTILE_SITE_KEY', 'alone'],
    ['LINK_SECRET', complete.AUTH_JWT_SECRET],
    ['AUTH_JWT_SECRET', 'x'.repeat(31)],
    ['AUTH_COOKIE', 'two words'],
    ['SIGN_IN_URL', 'http://shop.example/sign-in'],
    ['SIGN_IN_URL', '//evil.example'],
    ['SIGN_IN_URL', 'javascript:alert(1)'],
    ['PRICING_URL', 'shop.example/pricing'],
    ['SUPPORT_URL', 'mailto:nobody'],
    ['BRAND_NAME', 'x'.repeat(61)],
    ['HOME_URL', '//evil.example'],
    ['LOGO_URL', 'http://shop.example/logo.svg'],
    ['LOGO_DARK_URL', 'https://shop.example/alone.svg'],
    ['LEGAL_LINKS', 'imprint'],
    ['LEGAL_LINKS', 'cookies=https://shop.example/cookies'],
    ['LEGAL_LINKS', 'terms=javascript:alert(1)'],
    ['BRAND_COLOR', '#fff'],
    ['BRAND_COLOR', '#ffffff;}body{display:none'],
    ['ALLOWED_ORIGINS', 'https://a.example,https://b.example/path'],
    ['ALLOWED_ORIGINS', 'null'],
    ['PUBLIC_ORIGIN', 'http://shop.example'],
    ['CUSTOMER_METADATA_KEY', "user'] OR email:'"],
    ['PORTAL_CONFIGURATION', 'default'],
    ['PORTALS', 'default'],
    ['PORTALS', '[]'],
    ['PORTALS', '[{ "name": "default", "id": "default", "features": [] }]'],
    ['PORTALS', '[{ "name": "default", "id": "bpc_1", "features": ["refund"] }]'],
    ['PORTALS', '[{ "name": "team", "id": "bpc_1", "features": [], "rules": [{}] }]'],
    // Nobody would get the first.
    [
      'PORTALS',
      '[{ "name": "team", "id": "bpc_1", "features": [] }, { "name": "default", "id": "bpc_2", "features": [] }]',
    ],
    // Nobody would be left for the others.
    [
      'PORTALS',
      '[{ "name": "team", "id": "bpc_1", "features": [], "rules": [{ "roles": ["owner"] }] }]',
    ],
    ['PORTAL_AFTER_EXPIRATION', 'yes'],
    ['STRIPE_API_BASE', 'https://api.stripe.example'],
    ['STRIPE_API_BASE', 'http://localhost:12111/v1'],
    ['AUTH_AUDIENCE', 42],
  ])('refuses %s = %j, and says how to mend it', (key, value) => {
    const problems = problemsOf({ [key]: value });
    expect(Object.keys(problems)).toEqual([key]);
    expect(problems[key]).toMatch(/^[a-z].*\.$/s);
  });

  it('accepts http on a loopback host', () => {
    const config = configOf({
      PUBLIC_ORIGIN: 'http://localhost:8787',
      STRIPE_API_BASE: 'http://127.0.0.1:12111',
    });
    expect(config.publicOrigin).toBe('http://localhost:8787');
    expect(config.stripe.apiBase?.port).toBe('12111');
  });

  it('sends a live key to Stripe only', () => {
    const problems = problemsOf({
      STRIPE_SECRET_KEY: 'sk_live_0123456789',
      STRIPE_API_BASE: 'http://localhost:12111',
    });
    expect(Object.keys(problems)).toEqual(['STRIPE_API_BASE']);
  });

  it('tells the mode by how the key begins', () => {
    expect(configOf({ STRIPE_SECRET_KEY: 'sk_live_aaaa_test_bbbb' }).livemode).toBe(true);
    expect(configOf({ STRIPE_SECRET_KEY: 'sk_test_aaaa_live_bbbb' }).livemode).toBe(false);
  });

  it('wants exactly one kind of key for tokens', () => {
    const jwks = { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_ISSUER: 'https://id.example' };
    expect(Object.keys(problemsOf({ AUTH_JWT_SECRET: '' }))).toEqual(['AUTH_JWKS_URL']);
    expect(Object.keys(problemsOf(jwks))).toEqual(['AUTH_JWT_SECRET']);
    expect(problemsOf({ ...jwks, AUTH_JWT_SECRET: '' })).toEqual({});
  });

  it('needs no key for tokens where people come by signed links', () => {
    const config = configOf({ AUTH_JWT_SECRET: '', LINK_SECRET: 'x'.repeat(32) });
    expect(config.auth.keys).toEqual({ kind: 'none' });
  });

  it('reads what signing in by e-mail takes', () => {
    const config = configOf({
      LINK_SECRET: 'x'.repeat(32),
      EMAIL_FROM: 'billing@shop.example',
      TURNSTILE_SITE_KEY: '1x00',
      TURNSTILE_SECRET_KEY: '1x0000AA',
    });
    expect(config).toMatchObject({
      emailFrom: 'billing@shop.example',
      turnstile: { siteKey: '1x00', secretKey: '1x0000AA' },
    });
  });

  it('wants an issuer with a key set', () => {
    const settings = { AUTH_JWKS_URL: 'https://id.example/jwks', AUTH_JWT_SECRET: '' };
    expect(Object.keys(problemsOf(settings))).toEqual(['AUTH_ISSUER']);
  });

  it('never repeats a value', () => {
    const secret = 'hunter2-hunter2';
    const values = Object.fromEntries(
      Object.keys({ ...complete, BRAND_COLOR: '', PUBLIC_ORIGIN: '', SIGN_IN_URL: '' }).map(
        (key) => [key, secret],
      ),
    );
    expect(JSON.stringify(problemsOf(values))).not.toContain(secret);
  });
});
