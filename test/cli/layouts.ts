import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { setInConfigFile } from '../../src/cli/config-file/edit.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';

/** Of the test that runs. */
export let directory: string;
export let path: string;

/** Has a configuration of this name in a folder of its own. */
export function useConfig(file: string): void {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'portal-link-'));
    path = join(directory, file);
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
}

/** What becomes of the file, as Wrangler reads it, too. It is changed as a whole, or not at all. */
export function changed(before: string, change: () => void): string {
  writeFileSync(path, before);
  change();
  const after = readFileSync(path, 'utf8');
  expect(() => unstable_readConfig({ config: path }, { hideWarnings: true })).not.toThrow();
  return after;
}

/** Why it is not changed. */
export function refused(before: string, change: () => void): string {
  writeFileSync(path, before);
  try {
    change();
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    expect(readFileSync(path, 'utf8')).toBe(before);
    return error.message;
  }
  throw new Error('It was not refused.');
}

export const setting =
  (value: string | string[] = 'new', key = 'A', table = 'vars') =>
  () =>
    setInConfigFile(directory, table.split('/'), key, value);
