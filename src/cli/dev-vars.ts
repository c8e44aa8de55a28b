import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseEnv } from 'node:util';
import { replaceFile } from './files.ts';
import { OperatorProblem } from './problem.ts';

/**
 * Sets a variable in .dev.vars, or in another file of secrets, that only its owner may read.
 *
 * @throws OperatorProblem if Wrangler would read another value, or other variables would change
 */
export function setLocalVariable(
  directory: string,
  name: string,
  value: string,
  file = '.dev.vars',
): void {
  const path = join(directory, file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const kept = without(before, name).trimEnd();
  const written = writtenFor(value);
  const after = `${kept === '' ? '' : `${kept}\n`}${name}=${written}\n`;
  if (written !== undefined && isAsWanted(before, after, name, value)) {
    replaceFile(path, after, 0o600);
    return;
  }
  const why =
    written === undefined
      ? `no quotes are left for its value, which has all of them: choose another one`
      : `${file} cannot be read as it is written: look for a quote that nothing closes`;
  throw new OperatorProblem(`${name} cannot be stored in ${file}: ${why}.`);
}

// An entry by the rules of dotenv, with which Wrangler reads the file: a value in quotes may have
// several lines. https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
const ENTRY =
  /^[^\S\n]*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)[^\S\n]*(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^#\n]*)[^\S\n]*(?:#.*)?$(?:\r?\n)?/gm;

const without = (text: string, name: string) =>
  text.replace(ENTRY, (entry: string, itsName: string) => (itsName === name ? '' : entry));

/** Ways to write a value, the plainest first, each with those that it cannot be read back from. */
const WAYS: [quote: string, unfit: RegExp][] = [
  ['', /^['"`]|^\s|\s$|[#\p{Cc}\u2028\u2029]/u],
  ["'", /'|\r|\\$/],
  ['`', /`|\r|\\$/],
  // Between these, \n and \r are line ends.
  ['"', /"|\r|\\(?:[nr]|$)/],
];

function writtenFor(value: string): string | undefined {
  const way = WAYS.find(([, unfit]) => !unfit.test(value));
  return way && `${way[0]}${value}${way[0]}`;
}

/** Whether the commands find this value, and all others as they were. */
function isAsWanted(before: string, after: string, name: string, value: string): boolean {
  const wanted = { ...parseEnv(before), [name]: value };
  return isDeepStrictEqual({ ...parseEnv(after) }, wanted);
}
