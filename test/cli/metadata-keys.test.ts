import { expect, it } from 'vitest';
import { keysIn } from '../../src/cli/setup/interview/metadata-keys.ts';

/** What is said of a key whose values are made from each customer's number. */
const judge = (key: string, valueOf: (index: number) => string) => {
  const customers = Array.from({ length: 40 }, (_, index) => ({
    metadata: { [key]: valueOf(index) },
  }));
  return keysIn(customers)[0]!;
};
const ids = (index: number) => `u${index}`;

it.each([
  'order',
  'orderId',
  'order_number',
  'last_invoice',
  'user_email',
  'eMail',
  'checkout.session',
  'created_at',
  'phone',
])('does not take %s for what names a user', (key) => {
  expect(judge(key, ids)).toMatchObject({ looksLikeId: false });
});

it.each<[string, (index: number) => string]>([
  ['e-mail addresses', (index) => `u${index}@example.com`],
  ['e-mail addresses on some', (index) => (index % 8 === 0 ? `u${index}@example.com` : ids(index))],
  ['names of people', (index) => `Anna ${index}`],
  ['points in time', (index) => `2026-11-27T10:${index + 10}:00Z`],
  ['addresses', (index) => `https://crm.example.com/${index}`],
  ['ids of Stripe', (index) => `sub_1Qx${index}`],
])('does not take %s for ids', (_what, valueOf) => {
  expect(judge('user', valueOf)).toMatchObject({ looksLikeId: false });
});

it.each<[string, (index: number) => string, string]>([
  ['userId', (index) => `usr_${index}`, 'usr_…'],
  ['userId', (index) => `auth0|${index}x`, 'auth0|…'],
  ['account', (index) => String(1000 + index), 'digits'],
  ['uid', (index) => `7f0c1d2e-0000-4000-8000-0000000000${index + 10}`, 'UUIDs'],
  ['username', (index) => `anna${index}`, '5 to 6 characters'],
  ['border', ids, '2 to 3 characters'],
])('says of %s how its values look, and shows none', (key, valueOf, shape) => {
  expect(judge(key, valueOf)).toEqual({ key, count: 40, looksLikeId: true, shape });
});

it('shows no value that all customers but a few share', () => {
  const { shape } = judge('userId', (index) => (index < 39 ? 'anna_x' : 'u1'));
  expect(shape).not.toContain('anna');
});
