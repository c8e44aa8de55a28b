import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/**
 * Replaces the file at once: a reader, or a crash, finds the old file or the new one. A link still
 * leads to it, and who may read it stays as it is.
 *
 * @param mode  who may read it from now on
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const file = existsSync(path) ? realpathSync(path) : path;
  const kept = mode ?? statSync(file, { throwIfNoEntry: false })?.mode;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: kept, flag: 'wx' });
    // The umask takes from the mode of a new file.
    if (kept !== undefined) chmodSync(draft, kept);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    // Nobody knows the draft by its name.
    if (error instanceof Error && 'path' in error) error.path = file;
    throw error;
  }
}
