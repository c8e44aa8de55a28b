import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { SITES } from '../../src/config/site-session.ts';
import sessions from '../../src/identity/SESSIONS.md?raw';
import { ORIGIN, TEST_KEY, WEBHOOK_SECRET } from '../world.ts';

const required = { STRIPE_SECRET_KEY: TEST_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET };

describe('SESSIONS.md', () => {
  const recipes = [...sessions.matchAll(/```toml\n([\s\S]*?)```/g)].map(([, toml = '']) =>
    Object.fromEntries(
      [...toml.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name, value]) => [name, value]),
    ),
  );

  it('has a recipe for each preset, and each is a whole configuration', () => {
    const named = recipes.map((recipe) => recipe['SESSION_PRESET']).filter(Boolean);
    expect(new Set(named)).toEqual(new Set(Object.keys(SITES)));
    const secret = { AUTHJS_SECRET: 'the AUTH_SECRET of the site: 33 bytes' };
    for (const recipe of recipes) {
      const needsSecret = recipe['AUTH_COOKIE']?.includes('authjs');
      const parsed = parseConfig({ ...required, ...recipe, ...(needsSecret && secret) });
      expect(parsed).toMatchObject({ kind: 'valid' });
    }
  });
});

describe('settings that do not fit', () => {
  it.each<[string, Record<string, string>, string]>([
    ['an unknown preset', { SESSION_PRESET: 'acme' }, 'SESSION_PRESET'],
    ['a preset without our own origin', { SESSION_PRESET: 'better-auth' }, 'SESSION_URL'],
    [
      'a preset without an endpoint',
      { SESSION_PRESET: 'django', PUBLIC_ORIGIN: ORIGIN },
      'SESSION_URL',
    ],
    [
      'plain http',
      { SESSION_URL: 'http://shop.example/me', SESSION_COOKIES: 'sid' },
      'SESSION_URL',
    ],
    [
      'an address of ours',
      { SESSION_URL: '/api/billing', PUBLIC_ORIGIN: ORIGIN, SESSION_COOKIES: 'sid' },
      'SESSION_URL',
    ],
    ['no cookies', { SESSION_URL: '/me', PUBLIC_ORIGIN: ORIGIN }, 'SESSION_COOKIES'],
    [
      'Rails without its cookie',
      { SESSION_PRESET: 'rails', SESSION_URL: '/me', PUBLIC_ORIGIN: ORIGIN },
      'SESSION_COOKIES',
    ],
    [
      'all cookies',
      { SESSION_URL: '/me', PUBLIC_ORIGIN: ORIGIN, SESSION_COOKIES: '*' },
      'SESSION_COOKIES',
    ],
    [
      'a host that nobody named twice',
      { SESSION_URL: 'https://evil.example/me', SESSION_COOKIES: 'sid', PUBLIC_ORIGIN: ORIGIN },
      'SESSION_HOST',
    ],
    [
      'claims without a subject',
      { SESSION_PRESET: 'better-auth', PUBLIC_ORIGIN: ORIGIN, SESSION_CLAIMS: 'email=user.email' },
      'SESSION_CLAIMS',
    ],
    [
      'a claim that there is not',
      { SESSION_PRESET: 'better-auth', PUBLIC_ORIGIN: ORIGIN, SESSION_CLAIMS: 'sub=id, admin=yes' },
      'SESSION_CLAIMS',
    ],
  ])('%s is named, with how to mend it', (_, settings, key) => {
    const parsed = parseConfig({ ...required, ...settings });
    const keys = parsed.kind === 'invalid' ? parsed.problems.map((problem) => problem.key) : [];
    expect(keys).toContain(key);
  });
});
