import { symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { setLocalVariable } from '../../src/cli/dev-vars.ts';
import { failureMessage } from '../../src/cli/failure.ts';
import { useWorkplace, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplace(fillInWithKey);

const fault = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: mkdir`), { code, ...(path && { path }) });

describe('what the system refuses', () => {
  it.each([
    ['EACCES', /^\/app\/\.wrangler: permission denied \(EACCES\)\. Run this as the user/],
    ['EPERM', /: not permitted \(EPERM\)\. Run this as the user/],
    ['EROFS', /: the file system is read-only \(EROFS\)\. Run this in a folder/],
    ['ENOSPC', /: no space is left \(ENOSPC\)\. Make room/],
  ])('is said with the file and what to do: %s', (code, words) => {
    expect(failureMessage(fault(code, '/app/.wrangler'))).toMatch(words);
  });

  it('is not guessed of other faults', () => {
    expect(failureMessage(fault('EACCES'))).toMatch(/^An unexpected error/);
    expect(failureMessage(fault('EMFILE', '/app'))).toMatch(/^An unexpected error/);
  });
});

// Nobody makes files in /sys, not even root.
describe.runIf(process.platform === 'linux')('a folder that cannot be written to', () => {
  it('is named by doctor, which looks at the rest and ends', async () => {
    symlinkSync('/sys', `${workplace.directory}/.wrangler`);
    const failure = await promisify(execFile)(
      process.execPath,
      [resolve('src/cli/index.ts'), 'doctor'],
      { cwd: workplace.directory, env: { ...process.env, ...workplace.environment } },
    ).catch((error: { code: number; stdout: string }) => error);
    expect(failure).toMatchObject({ code: 2 });
    expect(failure.stdout).toMatch(/\/\.wrangler\S*: [^.]+ \(E[A-Z]+\)\./);
    expect(failure.stdout).toMatch(/\d+ ✗, \d+ !/);
  });

  it('is named by the file that was to be written, and not by its draft', () => {
    const directory = '/sys';
    let message = '';
    try {
      setLocalVariable(directory, 'A', '1');
    } catch (error) {
      message = failureMessage(error);
    }
    expect(message).toMatch(/^\/sys\/\.dev\.vars: .+ \(E[A-Z]+\)\./);
  });
});
