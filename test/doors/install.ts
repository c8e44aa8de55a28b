// Installs the packages of this folder if they have changed, and builds the app in React Router.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = import.meta.dirname;
const NOTE = join(FOLDER, 'node_modules/.package-lock.json');

type Lockfile = { packages: Record<string, { version?: string }> };

/** What npm notes about the packages: it leaves out the project itself. */
function versionsIn(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const versions = Object.entries(packages).map(([name, { version }]) => `${name}@${version}`);
  return versions.filter((name) => name.startsWith('node_modules/')).join('\n');
}

export function prepareDoors(): void {
  if (!existsSync(NOTE) || versionsIn(NOTE) !== versionsIn(join(FOLDER, 'package-lock.json'))) {
    execFileSync('npm', ['ci', '--prefix', FOLDER], { stdio: 'pipe' });
  }
  // The packages of the app ask for a newer Node than the Worker's commands.
  execFileSync(
    join(FOLDER, '../../node_modules/node/bin/node'),
    [join(FOLDER, 'node_modules/@react-router/dev/bin.cjs'), 'build'],
    { cwd: join(FOLDER, 'react-router'), stdio: 'pipe' },
  );
}
