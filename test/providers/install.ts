// `npm run test:providers` runs it first: installs this folder's packages, if they have changed, and
// names the tests that are left out.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { interpreters } from './interpreters.ts';

const FOLDER = 'test/providers';
const installed = `${FOLDER}/node_modules/.package-lock.json`;

type Lockfile = { packages: Record<string, { version?: string }> };

/** What npm notes about the packages: it leaves out the project itself. */
function versionsIn(path: string): string {
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  const versions = Object.entries(packages).map(([name, { version }]) => `${name}@${version}`);
  return versions.filter((name) => name.startsWith('node_modules/')).join('\n');
}

if (!existsSync(installed) || versionsIn(installed) !== versionsIn(`${FOLDER}/package-lock.json`)) {
  execFileSync('npm', ['ci', '--prefix', FOLDER], { stdio: 'inherit' });
}

for (const [name, program] of Object.entries(interpreters)) {
  if (program === undefined) console.error(`NOT RUN: ${name}, which is not installed (README.md).`);
}
