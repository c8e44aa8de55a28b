import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE } from './target.ts';

/**
 * Sets a string in a table of wrangler.toml and leaves all else as it stands, comments included.
 *
 * @throws OperatorProblem when the file is written in a way that this cannot be done to
 */
export function setInConfigFile(
  directory: string,
  table: string,
  key: string,
  value: string,
): void {
  const path = join(directory, CONFIG_FILE);
  const before = readFileSync(path, 'utf8');
  const after = withString(before, table, key, value);
  if (!isSameBut(before, after, table, key, value)) {
    throw new OperatorProblem(
      `Put this into [${table}] of ${CONFIG_FILE} yourself: ${key} = "${value}"`,
    );
  }
  replaceFile(path, after);
}

function withString(text: string, table: string, key: string, value: string): string {
  const lines = text.split('\n');
  const header = lines.findIndex((line) => line.trim() === `[${table}]`);
  if (header === -1) return text;
  const next = lines.findIndex((line, index) => index > header && /^\s*\[/.test(line));
  const end = next === -1 ? lines.length : next;
  const isEntry = (line: string, index: number) =>
    index > header && index < end && new RegExp(`^\\s*${key}\\s*=`).test(line);
  const entry = `${key} = ${JSON.stringify(value)}`;
  const at = lines.findIndex(isEntry);
  return (at === -1 ? lines.toSpliced(header + 1, 0, entry) : lines.with(at, entry)).join('\n');
}

/** Whether the edit did what it should, by the word of a parser. */
function isSameBut(
  before: string,
  after: string,
  table: string,
  key: string,
  value: string,
): boolean {
  const wanted = parse(before);
  let inner: TomlTable = wanted;
  for (const name of table.split('.')) {
    const child = inner[name];
    if (!isTable(child)) return false;
    inner = child;
  }
  inner[key] = value;
  return isDeepStrictEqual(parse(after), wanted);
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Sets a variable in .dev.vars, which only its owner may read. */
export function setLocalVariable(directory: string, name: string, value: string): void {
  const path = join(directory, '.dev.vars');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const lines = text.split('\n').filter((line) => !line.startsWith(`${name}=`));
  while (lines.at(-1) === '') lines.pop();
  replaceFile(path, [...lines, `${name}=${value}`, ''].join('\n'), 0o600);
}

/** At once: whoever reads meanwhile, or after a crash, finds the old file or the new one. */
function replaceFile(path: string, text: string, mode?: number): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, mode === undefined ? {} : { mode });
  renameSync(draft, path);
}
