// Installs what `npm pack` makes of this repository, and the packages of this folder if they have
// changed. Builds the app in React Router.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../src/version.ts';

const FOLDER = import.meta.dirname;
const REPOSITORY = join(FOLDER, '../..');
/** The package, as the Workers of this folder import it. */
export const INSTALLED = join(FOLDER, 'node_modules/portal-link');
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
  installPackage();
  // The packages of the app ask for a newer Node than the Worker's commands.
  execFileSync(
    join(REPOSITORY, 'node_modules/node/bin/node'),
    [join(FOLDER, 'node_modules/@react-router/dev/bin.cjs'), 'build'],
    { cwd: join(FOLDER, 'react-router'), stdio: 'pipe' },
  );
}

/** Its dependencies are those of the repository, in a folder above. */
function installPackage(): void {
  const folder = mkdtempSync(join(tmpdir(), 'portal-link-doors-'));
  // .ci/run packs once, for all that install it.
  const { PACKED } = process.env;
  if (PACKED === undefined) {
    execFileSync('npm', ['pack', '--pack-destination', folder], { cwd: REPOSITORY, stdio: 'pipe' });
  }
  rmSync(INSTALLED, { recursive: true, force: true });
  mkdirSync(INSTALLED, { recursive: true });
  const file = PACKED ?? join(folder, `portal-link-${VERSION}.tgz`);
  execFileSync('tar', ['-xzf', file, '--strip-components=1', '-C', INSTALLED]);
  rmSync(folder, { recursive: true });
}
