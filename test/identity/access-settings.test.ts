import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';

const SECRETS = {
  STRIPE_SECRET_KEY: 'sk_test_standin0000000000000000',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
};
const TOKENS = {
  ...SECRETS,
  AUTH_JWKS_URL: 'https://id.example/keys',
  AUTH_ISSUER: 'https://id.example',
};
const SITE = {
  ...SECRETS,
  PUBLIC_ORIGIN: 'https://shop.example',
  SESSION_PRESET: 'better-auth',
};

const wrongIn = (settings: Record<string, string>) => {
  const parsed = parseConfig(settings);
  return parsed.kind === 'valid' ? [] : parsed.problems.map(({ key }) => key);
};

it.each<[string, Record<string, string>, string]>([
  ['roles without a claim', { ...TOKENS, AUTH_BILLING_ROLES: 'owner' }, 'AUTH_ROLE_CLAIM'],
  [
    'a claim that users write',
    { ...TOKENS, AUTH_ROLE_CLAIM: 'user_metadata.role', AUTH_BILLING_ROLES: 'owner' },
    'AUTH_ROLE_CLAIM',
  ],
  [
    'a subject among several that users write',
    { ...TOKENS, AUTH_SUBJECT_CLAIM: 'sub, user_metadata.org' },
    'AUTH_SUBJECT_CLAIM',
  ],
  ['no role in the site’s answer', { ...SITE, AUTH_BILLING_ROLES: 'owner' }, 'SESSION_CLAIMS'],
  [
    'a role of the site that users write',
    { ...SITE, AUTH_BILLING_ROLES: 'owner', SESSION_CLAIMS: 'sub=user.id, role=user.name' },
    'SESSION_CLAIMS',
  ],
  [
    'a customer of a person and organisations',
    { ...TOKENS, AUTH_SUBJECT_CLAIM: 'org_id, sub', AUTH_CUSTOMER_CLAIM: 'customer' },
    'AUTH_CUSTOMER_CLAIM',
  ],
  [
    'a customer of both in the site’s answer',
    { ...SITE, SESSION_CLAIMS: 'sub=user.id, org_id=org, customer=customer' },
    'SESSION_CLAIMS',
  ],
])('refused, with the name of the setting: %s', (_, settings, key) => {
  expect(wrongIn(settings)).toEqual([key]);
});

it.each<[string, Record<string, string>]>([
  ['roles of a token', { ...TOKENS, AUTH_ROLE_CLAIM: 'o.rol', AUTH_BILLING_ROLES: 'admin' }],
  ['a role for portals only', { ...TOKENS, AUTH_ROLE_CLAIM: 'o.rol' }],
  [
    'roles of the site’s answer, without a claim of tokens',
    { ...SITE, AUTH_BILLING_ROLES: 'owner', SESSION_CLAIMS: 'sub=user.id, role=member.role' },
  ],
  [
    'a plain endpoint, whose answer can have a role',
    {
      ...SECRETS,
      PUBLIC_ORIGIN: 'https://shop.example',
      SESSION_URL: '/session',
      SESSION_COOKIES: 'sid',
      AUTH_BILLING_ROLES: 'owner',
    },
  ],
])('accepted: %s', (_, settings) => {
  expect(wrongIn(settings)).toEqual([]);
});
