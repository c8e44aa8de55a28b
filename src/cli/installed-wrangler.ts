import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { readOwnManifest } from './init/template.ts';
import { OperatorProblem } from './problem.ts';
import { isOlder, numbersIn } from './version-range.ts';

const manifest = v.pipe(v.string(), v.parseJson(), v.object({ version: v.string() }));

/**
 * Wrangler is an optional peer of the package: only its commands need it, and no installation for
 * production does.
 *
 * @throws OperatorProblem if it is not there, or too old
 */
export function requireWrangler(): void {
  const { peerDependencies } = readOwnManifest();
  const oldest = peerDependencies.wrangler.replace('^', '');
  const version = installedVersion();
  if (version !== undefined && !isOlder(numbersIn(version), numbersIn(oldest))) return;
  const found = version === undefined ? 'There is none here.' : `This is ${version}.`;
  throw new OperatorProblem(
    `The commands need Wrangler ${oldest} or newer: \`npm install --save-dev wrangler@${peerDependencies.wrangler}\`. ${found}`,
  );
}

function installedVersion(): string | undefined {
  try {
    const path = fileURLToPath(import.meta.resolve('wrangler/package.json'));
    return v.parse(manifest, readFileSync(path, 'utf8')).version;
  } catch {
    return undefined;
  }
}
