import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Sets a variable in .dev.vars, or in another file of secrets, that only its owner may read. */
export function setLocalVariable(
  directory: string,
  name: string,
  value: string,
  file = '.dev.vars',
): void {
  const path = join(directory, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text.split('\n').filter((line) => !line.startsWith(`${name}=`));
  while (lines.at(-1) === '') lines.pop();
  // Without quotes, a # would begin a comment, and outer quotes would be taken away.
  const shown = /["#]/.test(value) && !value.includes("'") ? `'${value}'` : value;
  replaceFile(path, [...lines, `${name}=${shown}`, ''].join('\n'), 0o600);
}

/**
 * Replaces the file at once: a reader, or a crash, finds the old file or the new one. A link still
 * leads to it, and who may read it stays as it is.
 *
 * @param mode  who may read it from now on
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const file = existsSync(path) ? realpathSync(path) : path;
  const kept = mode ?? statSync(file, { throwIfNoEntry: false })?.mode;
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: kept });
  // The umask takes from the mode of a new file, and a draft may be left over.
  if (kept !== undefined) chmodSync(draft, kept);
  renameSync(draft, file);
}
