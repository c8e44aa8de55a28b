import { expect, it } from 'vitest';
import { PRESETS } from '../src/config/providers.ts';
import { settingNames } from '../src/config/settings.ts';
import { SITES } from '../src/config/site-session.ts';
import stacks from '../src/identity/STACKS.md?raw';

const rows = /^\| stack [\s\S]*?\n\n/m
  .exec(stacks)![0]
  .trim()
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const codeIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

it('has a row for each preset, and for more than sixteen stacks', () => {
  const named = new Set(rows.flatMap(([, , , takes = '']) => codeIn(takes)));
  const presets = [...Object.keys(PRESETS), ...Object.keys(SITES)];
  expect(presets.filter((name) => !named.has(name))).toEqual([]);
  expect(rows.length).toBeGreaterThan(16);
});

it('says for each stack what it takes, where, and how it was shown', () => {
  for (const [, stack, session, takes, hosts, shown] of rows) {
    expect(takes, stack).toMatch(/^(?:settings: |endpoint: |signed links|not possible)/);
    expect(hosts, stack).toMatch(/^(?:same host(?:, subdomain)?(?:; any for apps)?|any)$/);
    expect(shown, stack).toMatch(/^(?:real software, `|token's shape, `|on paper|`test\/)/);
    expect(session, stack).not.toBe('');
  }
});

it('names settings and tests that there are', () => {
  const settings = codeIn(stacks).filter((code) => /^[A-Z]+_[A-Z_]+$/.test(code));
  // The last one is Auth.js's own.
  expect(settings.filter((name) => ![...settingNames, 'AUTH_SECRET'].includes(name))).toEqual([]);
  // A glob leaves out the file that it stands in.
  const files = Object.keys(import.meta.glob('./**/*.test.ts')).map((path) => path.slice(2));
  const named = codeIn(stacks).filter((code) => code.endsWith('.test.ts'));
  expect(named.length).toBeGreaterThan(16);
  expect(named.filter((path) => !files.includes(path.replace('test/', '')))).toEqual([]);
});
