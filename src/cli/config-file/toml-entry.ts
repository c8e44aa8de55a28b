import { parse, type TomlTable } from 'smol-toml';
import type { TablePath } from './format.ts';
import { withLineEnds } from './line-ends.ts';
import { isSame, isTable, type Entry, type Table, type Value } from './table.ts';

/** Whether a parser finds exactly this. Text that is no TOML reads as nothing. */
export function readsAs(text: string, wanted: Table): boolean {
  const read = tableIn(text);
  return read !== undefined && isSame(read, wanted);
}

/** Whether a parser can read it. */
export const isToml = (text: string) => tableIn(text) !== undefined;

function tableIn(text: string): TomlTable | undefined {
  try {
    // The other half of a line end may be cut off.
    return parse(text.replace(/\r$/, ''));
  } catch {
    return undefined;
  }
}

/** The text with the entry in place of each one that has its key, in whichever table. */
export function* replacements(text: string, { key, value }: Entry): Generator<string> {
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    const start = new RegExp(`^\\s*${name(key)}\\s*=`).exec(line);
    const count = start ? lengthOfEntry(lines.slice(at)) : undefined;
    if (!start || count === undefined) continue;
    const old = lines.slice(at, at + count);
    // Comments inside a value would go with it.
    if (old.some((_, index) => index < count - 1 && endOf(old, index).trim() !== '')) continue;
    const written = withLineEnds(`${start[0]} ${toToml(value)}`, text);
    yield lines.toSpliced(at, count, `${written}${endOf(old, count - 1)}`).join('\n');
  }
}

/** The text with the entry below each header of the table. */
export function* insertions(text: string, table: TablePath, entry: Entry): Generator<string> {
  const lines = text.split('\n');
  const header = new RegExp(`^\\s*\\[\\s*${table.map(name).join('\\s*\\.\\s*')}\\s*\\]`);
  for (const [at, line] of lines.entries()) {
    if (header.test(line)) yield withLines(text, at + 1, [toPair(entry)]);
  }
}

/** The text with lines more, which end as its own do. */
export const withLines = (text: string, at: number, lines: readonly string[]) =>
  text
    .split('\n')
    .toSpliced(at, 0, withLineEnds(`${lines.join('\n')}\n`, text).slice(0, -1))
    .join('\n');

/** A bare or quoted key, as a pattern. */
const name = (key: string) =>
  `(?:${[key, JSON.stringify(key), `'${key}'`].map(inPattern).join('|')})`;

const inPattern = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A key in TOML, which quotes what is no plain word. */
const toKey = (key: string) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));

/** What stands between the brackets of a header. */
export const toKeys = (table: TablePath) => table.map(toKey).join('.');

/** How many lines the first entry of these has. */
function lengthOfEntry(lines: readonly string[]): number | undefined {
  const index = lines.findIndex(
    (_, last) => tableIn(lines.slice(0, last + 1).join('\n')) !== undefined,
  );
  return index === -1 ? undefined : index + 1;
}

/** What follows the value in a line of an entry: a comment, spaces, a carriage return. */
function endOf(lines: readonly string[], index: number): string {
  const line = lines[index] ?? '';
  const whole = tableIn(lines.join('\n'));
  const places = [...line.matchAll(/\s*#/g)].map((found) => found.index);
  const comment = places.find(
    (at) => whole && readsAs(lines.toSpliced(index, 1, line.slice(0, at)).join('\n'), whole),
  );
  return line.slice(comment ?? line.trimEnd().length);
}

/** A value in TOML. JSON's strings, numbers and booleans are TOML, too. */
export function toToml(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (!Array.isArray(value)) {
    return isTable(value)
      ? `{ ${Object.entries(value)
          .map(([key, inner]) => toPair({ key, value: inner }))
          .join(', ')} }`
      : JSON.stringify(value);
  }
  const items = value.map(toToml);
  if (!value.some(isTable)) return `[${items.join(', ')}]`;
  return `[\n${items.map((item) => `  ${item},\n`).join('')}]`;
}

export const toPair = ({ key, value }: Entry) => `${toKey(key)} = ${toToml(value)}`;

/** A literal string, in which JSON stays readable, if there is something to escape. */
const quoted = (value: string) =>
  /^[^'\p{Cc}]*["\\][^'\p{Cc}]*$/u.test(value) ? `'${value}'` : JSON.stringify(value);
