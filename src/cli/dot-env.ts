import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { OperatorProblem } from './problem.ts';
import type { Target } from './target.ts';

export const DEV_VARS = '.dev.vars';
// The later one wins.
const DOT_ENV = ['.env', '.env.local'];
// For Wrangler itself, which reads them from .env in any case, and for what bundlers put into pages.
const IS_NOT_OURS = /^(?:CLOUDFLARE|WRANGLER|VITE|PUBLIC|NEXT_PUBLIC)_/;
const SWITCH = 'CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV';

/**
 * Names in .env and .env.local. `wrangler dev` gives them to the Worker only where there is no
 * .dev.vars: https://developers.cloudflare.com/workers/local-development/environment-variables/
 */
export function namesInDotEnv(directory: string): string[] {
  return Object.keys(inDotEnv(directory)).filter((name) => !IS_NOT_OURS.test(name));
}

function inDotEnv(directory: string): NodeJS.Dict<string> {
  const parsed = DOT_ENV.map((file) => join(directory, file))
    .filter((path) => existsSync(path))
    .map((path) => parseEnv(readFileSync(path, 'utf8')));
  return Object.assign({}, ...parsed);
}

/** Those that `wrangler dev` would give to this Worker: with a list of secrets, no others. */
export function readFromDotEnv(target: ReadBy): string[] {
  const { directory, listsSecrets, requiredSecrets, fileVariables } = target;
  const read = new Set([...requiredSecrets, ...fileVariables]);
  return namesInDotEnv(directory).filter((name) => !listsSecrets || read.has(name));
}

type ReadBy = Pick<Target, 'directory' | 'listsSecrets' | 'requiredSecrets' | 'fileVariables'>;

/** @throws OperatorProblem if a first .dev.vars would take from the Worker what .env gives it */
export function refuseToHideDotEnv(
  target: ReadBy & Pick<Target, 'place'>,
  environment: NodeJS.Dict<string>,
): void {
  if (target.place === 'remote' || existsSync(join(target.directory, DEV_VARS))) return;
  const isSwitchedOn = environment[SWITCH] ?? inDotEnv(target.directory)[SWITCH] ?? 'true';
  if (isSwitchedOn.toLowerCase() === 'false') return;
  const names = readFromDotEnv(target);
  if (names.length === 0) return;
  throw new OperatorProblem(
    `Setup writes ${DEV_VARS}, and where there is one, \`wrangler dev\` reads no .env: the Worker would lose ${names.join(', ')}. Move what it needs from .env to ${DEV_VARS}, or make an empty ${DEV_VARS} if it needs none of these. Then run this again. Nothing was changed.`,
  );
}
