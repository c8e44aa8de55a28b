import { describe, expect, it } from 'vitest';
import { compareShapes, recordingOf, scrubbed, shapeOf } from './recorded.ts';
import { readSandbox } from './sandbox.ts';

describe('a sandbox', () => {
  const key = 'sk_test_0123456789abcdef';

  it('is asked for by name, even where a key is at hand', () => {
    expect(readSandbox({ STRIPE_SECRET_KEY: key })).toBeUndefined();
    expect(readSandbox({ STRIPE_CONTRACT: '1', STRIPE_SECRET_KEY: key })).toEqual({
      secretKey: key,
      apiBase: undefined,
    });
  });

  it.each([
    ['a live key', { STRIPE_SECRET_KEY: 'sk_live_0123456789abcdef' }, /live key/],
    ['a restricted live key', { STRIPE_SECRET_KEY: 'rk_live_0123456789abcdef' }, /live key/],
    ['no key', {}, /STRIPE_SECRET_KEY/],
    ['a publishable key', { STRIPE_SECRET_KEY: 'pk_test_0123456789abcdef' }, /STRIPE_SECRET_KEY/],
    [
      'another host',
      { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: 'https://stripe.example' },
      /this machine/,
    ],
  ])('is not %s', (_what, settings, message) => {
    expect(() => readSandbox({ STRIPE_CONTRACT: '1', ...settings })).toThrow(message);
  });
});

describe('a recording', () => {
  it.each([
    ["No such customer: 'cus_NffrFeUfNV2Hib'", "No such customer: 'cus_…'"],
    ['The price `price_1TBm8AIhpcGWxK1NXuYNRRBc` is gone', 'The price `price_…` is gone'],
    ["on account 'acct_1FrsweLyn8yE8I3W'", "on account 'acct_…'"],
    ['Invalid API Key provided: sk_test_****1234', 'Invalid API Key provided: sk_test_…'],
    ['for jenny.rosen+1@mail.example.com only', 'for somebody@example.com only'],
    ['see https://dashboard.stripe.com/acct_1x/logs', 'see https://dashboard.stripe.com'],
    ['Missing required param: customer_update.', 'Missing required param: customer_update.'],
  ])('of “%s” names nobody', (message, kept) => {
    expect(scrubbed(message)).toBe(kept);
  });

  it('keeps of an object no more than the types of its fields', () => {
    const body = { id: 'cus_1', email: 'a@b.example', metadata: { user: '7' }, list: [{ n: 1 }] };
    expect(recordingOf({ status: 200, body }).shape).toEqual({
      id: 'string',
      email: 'string',
      metadata: 'object',
      list: 'array',
      'list[]': 'object',
      'list[].n': 'number',
    });
  });
});

it('tells which fields only one of two answers has, but for empty places', () => {
  const mine = shapeOf({ a: 1, only: 2, none: null, items: [{ x: 1 }] });
  const theirs = shapeOf({ a: 1, lacks: 3, none: { deep: 1 }, items: [] });
  expect(compareShapes(mine, theirs)).toEqual({ lacking: ['lacks'], added: ['only'] });
});
