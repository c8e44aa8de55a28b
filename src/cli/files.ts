import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE } from './target.ts';
import {
  insertions,
  readsAs,
  replacements,
  toPair,
  withLineEnds,
  type Entry,
} from './toml-entry.ts';
import { isTable } from './toml.ts';

/**
 * Sets a string or a list in a table of wrangler.toml. Everything else stays as it is, comments included.
 *
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setInConfigFile(
  directory: string,
  table: string,
  key: string,
  value: string | string[],
): void {
  const path = join(directory, CONFIG_FILE);
  const after = withSetting(readFileSync(path, 'utf8'), table, { key, value });
  if (after === undefined) throw byHand(`into [${table}]`, [toPair({ key, value })]);
  replaceFile(path, after);
}

/** What the operator has to do where setup cannot. */
export const byHand = (place: string, lines: readonly string[]) =>
  new OperatorProblem(
    `Setup cannot change this layout. Put this into ${CONFIG_FILE} yourself, ${place}:\n${lines.join('\n')}`,
  );

/** The text of wrangler.toml with an entry in a table; undefined if its layout does not allow it. */
export function withSetting(text: string, table: string, entry: Entry): string | undefined {
  const wanted = parse(text);
  let inner: TomlTable = wanted;
  for (const name of table.split('.')) {
    const child = inner[name] ?? {};
    if (!isTable(child)) return undefined;
    inner[name] = child;
    inner = child;
  }
  inner[entry.key] = entry.value;
  const candidates = [
    ...replacements(text, entry),
    ...insertions(text, table, entry),
    appended(text, `[${table}]\n${toPair(entry)}`),
  ];
  return candidates.find((after) => readsAs(after, wanted));
}

const appended = (text: string, added: string) =>
  text.trimEnd() + withLineEnds(`\n\n${added.trimEnd()}\n`, text);

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
  const after = appended(before, text);
  const wanted = parse(before);
  const others = isTable(wanted['env']) ? wanted['env'] : {};
  wanted['env'] = { ...others, [name]: environment };
  if (!readsAs(after, wanted)) throw byHand('at its end', [text.trimEnd()]);
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
