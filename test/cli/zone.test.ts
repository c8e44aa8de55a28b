import { expect, it } from 'vitest';
import { commonZone } from '../../src/cli/zone.ts';

it.each([
  ['shop.vercel.app', 'billing.vercel.app'],
  ['shop.pages.dev', 'billing.pages.dev'],
  ['shop.github.io', 'billing.github.io'],
  ['shop.fly.dev', 'billing.fly.dev'],
  ['shop.netlify.app', 'billing.netlify.app'],
  ['shop.acme.workers.dev', 'portal-link.other.workers.dev'],
  ['shop.co.uk', 'billing.co.uk'],
  ['shop.com.br', 'billing.com.br'],
  ['a.city.kawasaki.jp', 'shop.kawasaki.jp'],
  ['example.com', 'example.org'],
  ['localhost', 'localhost'],
])('%s and %s have no cookie in common: anybody may have the other one', (one, other) => {
  expect(commonZone(one, other)).toBeUndefined();
});

it.each([
  ['shop.example.com', 'billing.example.com', 'example.com'],
  ['example.com', 'billing.example.com', 'example.com'],
  ['a.app.example.com', 'b.app.example.com', 'app.example.com'],
  ['shop.example.co.uk', 'billing.example.co.uk', 'example.co.uk'],
  ['www.my.gv.at', 'billing.my.gv.at', 'my.gv.at'],
  ['shop.ab.de', 'billing.ab.de', 'ab.de'],
  ['shop.acme.workers.dev', 'portal-link.acme.workers.dev', 'acme.workers.dev'],
])('%s and %s are both in %s', (one, other, zone) => {
  expect(commonZone(one, other)).toBe(zone);
});
