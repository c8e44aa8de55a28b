import { expect, it } from 'vitest';
import { formatDay } from '../src/pages/money.ts';

const day = (number: number) => Date.UTC(2026, 11, number) / 1000;

it.each([
  ['en', 'December 1, 2026'],
  ['de', '1. Dezember 2026'],
  ['fr', '1er décembre 2026'],
  ['fr-CA', '1er décembre 2026'],
  ['es', '1 de diciembre de 2026'],
  ['pt-BR', '1º de dezembro de 2026'],
  ['pt-PT', '1 de dezembro de 2026'],
  ['ja', '2026年12月1日'],
])('the first of a month is written as people do in %s', (tag, written) => {
  expect(formatDay(day(1), tag)).toBe(written);
});

it('no other day is an ordinal', () => {
  expect([10, 11, 21].map((each) => formatDay(day(each), 'fr'))).toEqual([
    '10 décembre 2026',
    '11 décembre 2026',
    '21 décembre 2026',
  ]);
});
