import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../files.ts';
import { OperatorProblem } from '../problem.ts';
import { isOfWindows, type Change } from './change.ts';

/** @throws OperatorProblem if no file can be written in this folder, which may have to be made */
export function refuseUnwritable(directory: string): void {
  const there = existingIn(directory);
  const isFolder = statSync(there).isDirectory();
  if (isFolder && isWritable(there)) return;
  const what = isFolder ? 'cannot be written to' : 'is not a folder';
  throw new OperatorProblem(`${there} ${what}. ${ANOTHER} Nothing was written.`);
}

const MARK = '\uFEFF';
const ANOTHER = 'Name a folder that you may write to, or run this in one.';

/** The folder itself, or the first above it that is there. */
const existingIn = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : existingIn(dirname(path));

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes all changes, with the line ends and the byte order mark that each file has.
 *
 * @throws OperatorProblem that says what was written before the one that failed
 */
export function write(folder: string, changes: readonly Change[]): void {
  const written: string[] = [];
  for (const { file, after } of changes) {
    const path = join(folder, file);
    try {
      makeFolder(dirname(path));
      const old = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const text = isOfWindows(old) ? after.replaceAll('\n', '\r\n') : after;
      replaceFile(path, old.startsWith(MARK) ? MARK + text : text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'no reason given';
      const done =
        written.length === 0 ? 'Nothing was written.' : `Written: ${written.join(', ')}.`;
      throw new OperatorProblem(`${path} cannot be written: ${reason}. ${ANOTHER} ${done}`);
    }
    written.push(file);
  }
}

/** Node's own `recursive` never ends where the system makes no folders, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
