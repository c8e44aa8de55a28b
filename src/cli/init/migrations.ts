import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { configFileIn } from '../config-file/find.ts';
import { replaceFile } from '../files.ts';

const MIGRATIONS = 'node_modules/portal-link/migrations';

/** A workspace has its packages in a folder above: then the configuration has to lead there. */
export function settleMigrations(directory: string): void {
  const folder = installedAbove(directory);
  if (folder === undefined || folder === directory) return;
  const path = join(directory, configFileIn(directory));
  const there = relative(directory, join(folder, MIGRATIONS)).replaceAll('\\', '/');
  const text = readFileSync(path, 'utf8');
  const after = text.replaceAll(`"${MIGRATIONS}"`, `"${there}"`);
  if (after !== text) replaceFile(path, after);
}

/** Whether portal-link is installed for this folder: in it, or above it as in a workspace. */
export const isInstalled = (directory: string): boolean => installedAbove(directory) !== undefined;

function installedAbove(folder: string): string | undefined {
  if (existsSync(join(folder, MIGRATIONS))) return folder;
  return dirname(folder) === folder ? undefined : installedAbove(dirname(folder));
}
