import { describe, expect, it } from 'vitest';
import { catalogue } from '../src/errors/catalogue.ts';
import type { Entry } from '../src/errors/entry.ts';
import { TAGS } from '../src/config/languages.ts';
import { languageOf } from '../src/pages/locale.ts';

const entries = Object.entries<Entry>(catalogue);

// What a remedy looks like with a test key, for the table.
const situation = {
  mode: 'test',
  dashboard: 'https://dashboard.stripe.com/test',
  message: '',
} as const;

const remedyOf = ({ remedy, retryAfter }: Entry): string => {
  const text = typeof remedy === 'function' ? remedy(situation) : (remedy ?? '');
  return retryAfter === undefined ? text : `${text} Try again after ${retryAfter} s.`.trim();
};

describe('the catalogue of codes', () => {
  it('is what CODES.md lists (vitest --update writes it)', async () => {
    const rows = entries.map(
      ([code, entry]) => `| \`${code}\` | ${entry.status} | ${entry.detail} | ${remedyOf(entry)} |`,
    );
    const text = [
      '# Codes',
      '',
      'Written by `test/errors.test.ts` from the catalogue. Remedies are those with a test key.',
      '',
      '| code | status | what it means | how to mend it |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
    await expect(text).toMatchFileSnapshot('../src/errors/CODES.md');
  });

  it('asks clients to try again only for what can pass', () => {
    const temporary = entries.filter(([, { retryAfter }]) => retryAfter !== undefined);
    expect(temporary.filter(([, { status }]) => ![429, 502, 503].includes(status))).toEqual([]);
  });

  it('has a page for each code, in each language', async () => {
    const pages = new Set(entries.map(([, { page }]) => page));
    for (const { faults } of await Promise.all(TAGS.map(languageOf)))
      expect(new Set(Object.keys(faults))).toEqual(pages);
  });
});
