import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { styleText } from 'node:util';
import { OperatorProblem } from '../problem.ts';
import { differences } from './differences.ts';

/** A file that is written, or gets more lines. */
export type Change = { file: string; before: string | undefined; after: string };

/** What a file has, with \n at the end of each line; undefined if there is none. */
export function readIfThere(folder: string, file: string): string | undefined {
  const path = join(folder, file);
  if (!isEntry(path)) return undefined;
  if (!existsSync(path)) {
    throw new OperatorProblem(`${path} is a link that leads nowhere. Nothing was written.`);
  }
  if (!statSync(path).isFile()) throw new OperatorProblem(`${path} is not a file.`);
  // Parsers take a byte order mark for a part of the first word.
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  return isOfWindows(text) ? text.replaceAll('\r\n', '\n') : text;
}

/** Whether all lines end as on Windows. */
export const isOfWindows = (text: string) => /\r\n/.test(text) && !/(?<!\r)\n/.test(text);

/** Whether there is something by this name, be it a link that leads nowhere. */
function isEntry(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** @throws OperatorProblem if writing one of these would change something outside of the folder */
export function refuseOutside(folder: string, changes: readonly Change[]): void {
  const root = realPath(folder);
  for (const { file } of changes) {
    const path = join(folder, file);
    const real = realPath(path);
    if (isWithin(folder, path) && root && real && isWithin(root, real)) continue;
    throw new OperatorProblem(`${path} leads out of ${folder}. Nothing was written.`);
  }
}

const isWithin = (folder: string, path: string) => {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
};

/** Where a path leads through links; undefined if one of them leads nowhere. */
function realPath(path: string): string | undefined {
  if (existsSync(path)) return realpathSync(path);
  if (isEntry(path)) return undefined;
  const parent = realPath(dirname(path));
  return parent && join(parent, basename(path));
}

/** A new file with this text, unless there is one already. */
export function newFile(folder: string, file: string, text: string): Change[] {
  const isThere = readIfThere(folder, file) !== undefined;
  return isThere ? [] : [{ file, before: undefined, after: text }];
}

/** The change as a diff. Of a new file, only its length: there is nothing to compare. */
export function shown({ file, before, after }: Change): string {
  const lines = after.trimEnd().split('\n');
  if (before === undefined)
    return `${styleText('green', '+')} ${file} (new, ${lines.length} lines)`;
  const changed = differences(before.trimEnd().split('\n'), lines).map(({ sign, line }) =>
    styleText(sign === '+' ? 'green' : 'red', `  ${sign} ${line}`),
  );
  return [`${styleText('yellow', '~')} ${file}`, ...changed].join('\n');
}
