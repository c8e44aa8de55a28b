import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorProblem } from '../problem.ts';

/** The file that `init` writes, and that a clone has. */
export const TOML_FILE = 'wrangler.toml';

// Where there are several, Wrangler reads the first of these and says nothing of the others.
const FILES = ['wrangler.json', 'wrangler.jsonc', TOML_FILE];

/**
 * The name of the file with the Worker's settings; undefined if the folder has none.
 *
 * @throws OperatorProblem if it has several
 */
export function findConfigFile(directory: string): string | undefined {
  const [first, ...others] = FILES.filter((file) => existsSync(join(directory, file)));
  if (first === undefined || others.length === 0) return first;
  throw new OperatorProblem(
    `${[first, ...others].join(' and ')} are both in ${directory}, and Wrangler reads ${first} only. Move what you need into ${first}, and remove ${others.join(' and ')}. Nothing was changed.`,
  );
}

/** @throws OperatorProblem if there is none, or there are several */
export function configFileIn(directory: string): string {
  const file = findConfigFile(directory);
  if (file !== undefined) return file;
  throw new OperatorProblem(
    `There is no ${TOML_FILE} or wrangler.jsonc here. Run this in portal-link's folder.`,
  );
}
