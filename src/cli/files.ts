import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable } from 'smol-toml';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE } from './target.ts';
import { isTable } from './toml.ts';

type Value = string | string[];

/**
 * Sets a string or a list in a table of wrangler.toml. Everything else stays as it is, comments included.
 *
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setInConfigFile(directory: string, table: string, key: string, value: Value): void {
  const path = join(directory, CONFIG_FILE);
  const before = readFileSync(path, 'utf8');
  const after = withValue(before, table, key, value);
  if (!isSameBut(before, after, table, key, value)) {
    throw new OperatorProblem(
      `Put this into [${table}] of ${CONFIG_FILE} yourself: ${key} = ${quoted(value)}`,
    );
  }
  replaceFile(path, after);
}

function withValue(text: string, table: string, key: string, value: Value): string {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => line.trim() === `[${table}]`);
  if (header === -1) return text;
  const next = lines.findIndex((line, index) => index > header && /^\s*\[/.test(line));
  const end = next === -1 ? lines.length : next;
  const isEntry = (line: string, index: number) =>
    index > header && index < end && new RegExp(`^\\s*${key}\\s*=`).test(line);
  const entry = `${key} = ${quoted(value)}`;
  const at = lines.findIndex(isEntry);
  return (at === -1 ? lines.toSpliced(header + 1, 0, entry) : lines.with(at, entry)).join('\n');
}

const quoted = (value: Value): string =>
  Array.isArray(value) ? `[${value.map(quotedText).join(', ')}]` : quotedText(value);

/** A literal string, in which JSON stays readable, if there is something to escape. */
const quotedText = (value: string) =>
  /^[^'\p{Cc}]*["\\][^'\p{Cc}]*$/u.test(value) ? `'${value}'` : JSON.stringify(value);

/** Whether a parser finds exactly the wanted change. */
function isSameBut(
  before: string,
  after: string,
  table: string,
  key: string,
  value: Value,
): boolean {
  const wanted = parse(before);
  let inner: TomlTable = wanted;
  for (const name of table.split('.')) {
    const child = inner[name];
    if (!isTable(child)) return false;
    inner = child;
  }
  inner[key] = value;
  return isSameToml(parse(after), wanted);
}

/** Clones lose the prototypes, by which the parser's tables differ from ours. */
export const isSameToml = (one: TomlTable, other: TomlTable) =>
  isDeepStrictEqual(structuredClone(one), structuredClone(other));

/**
 * Adds an environment at the end of wrangler.toml.
 *
 * @param text  what is added: TOML that defines [env.NAME] as `environment`, and nothing else
 * @throws OperatorProblem if a parser reads the result in another way
 */
export function addToConfigFile(
  directory: string,
  name: string,
  text: string,
  environment: TomlTable,
): void {
  const path = join(directory, CONFIG_FILE);
  const before = readFileSync(path, 'utf8');
  const after = `${before.trimEnd()}\n\n${text.trimEnd()}\n`;
  const wanted = parse(before);
  const others = isTable(wanted['env']) ? wanted['env'] : {};
  wanted['env'] = { ...others, [name]: environment };
  if (!isSameToml(parse(after), wanted)) {
    throw new OperatorProblem(`Add this to ${CONFIG_FILE} yourself:\n${text}`);
  }
  replaceFile(path, after);
}

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

/** Replaces the file at once: a reader, or a crash, finds the old file or the new one. */
export function replaceFile(path: string, text: string, mode?: number): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, mode === undefined ? {} : { mode });
  renameSync(draft, path);
}
