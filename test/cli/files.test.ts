import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setInConfigFile } from '../../src/cli/config-file/edit.ts';
import { replaceFile } from '../../src/cli/files.ts';
import { write } from '../../src/cli/init/write.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'portal-link-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const path = (name: string) => join(directory, name);
const read = (name: string) => readFileSync(path(name), 'utf8');
const modeOf = (name: string) => statSync(path(name)).mode & 0o777;

describe.each<[string, () => void]>([
  ['setup', () => setInConfigFile(directory, ['vars'], 'A', 'new')],
  ['init', () => write(directory, [{ file: 'wrangler.jsonc', before: '', after: 'new\n' }])],
])('a file that %s changes', (_, change) => {
  it('stays behind its link', () => {
    writeFileSync(path('real.jsonc'), '{}');
    symlinkSync('real.jsonc', path('wrangler.jsonc'));
    change();
    expect(lstatSync(path('wrangler.jsonc')).isSymbolicLink()).toBe(true);
    expect(read('real.jsonc')).toContain('new');
    expect(readdirSync(directory).toSorted()).toEqual(['real.jsonc', 'wrangler.jsonc']);
  });

  it.each([0o600, 0o664])('stays readable for those who could read it: %i', (mode) => {
    writeFileSync(path('wrangler.jsonc'), '{}');
    chmodSync(path('wrangler.jsonc'), mode);
    change();
    expect(modeOf('wrangler.jsonc')).toBe(mode);
  });

  it('keeps its byte order mark and its line ends', () => {
    writeFileSync(path('wrangler.jsonc'), '\uFEFF{\r\n}\r\n');
    change();
    expect(read('wrangler.jsonc')).toMatch(/^\uFEFF[^\uFEFF]/);
    expect(read('wrangler.jsonc').replaceAll('\r\n', '')).not.toContain('\n');
  });
});

it('leaves a file alone that is called like a draft', () => {
  writeFileSync(path('wrangler.jsonc'), '{}');
  writeFileSync(path('wrangler.jsonc.new'), 'mine');
  setInConfigFile(directory, ['vars'], 'A', 'new');
  expect(read('wrangler.jsonc.new')).toBe('mine');
  expect(readdirSync(directory).toSorted()).toEqual(['wrangler.jsonc', 'wrangler.jsonc.new']);
});

it('leaves no draft behind that could not take the place of the file', () => {
  mkdirSync(path('taken'));
  expect(() => replaceFile(path('taken'), 'text')).toThrow();
  expect(readdirSync(directory)).toEqual(['taken']);
});
