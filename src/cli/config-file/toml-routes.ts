import type { Table, Value } from './table.ts';
import { insertions, replacements, toKeys, toPair, withLines } from './toml-entry.ts';

/** The text with these routes, in each layout that TOML has for them. */
export function routeCandidates(
  text: string,
  environment: string | undefined,
  added: readonly Table[],
  all: Value[],
): string[] {
  const entry = { key: 'routes', value: all };
  return [
    ...replacements(text, entry),
    ...blocksBefore(text, environment, added),
    ...(environment === undefined
      ? atTop(text, toPair(entry))
      : insertions(text, ['env', environment], entry)),
  ];
}

/** Tables of their own, above those that the file has. */
function* blocksBefore(
  text: string,
  environment: string | undefined,
  added: readonly Table[],
): Generator<string> {
  const header =
    environment === undefined ? '[[routes]]' : `[[${toKeys(['env', environment, 'routes'])}]]`;
  const at = text.split('\n').findIndex((line) => line.trim().startsWith(header));
  if (at === -1) return;
  const blocks = added.map((route) => {
    const pairs = Object.entries(route).map(([key, value]) => toPair({ key, value }));
    return `${header}\n${pairs.join('\n')}\n`;
  });
  yield withLines(text, at, blocks);
}

/** Above the first table, or else above everything. */
function* atTop(text: string, entry: string): Generator<string> {
  const lines = text.split('\n');
  const added = ['# Where visitors reach the Worker.', ...entry.split('\n'), ''];
  const header = lines.findIndex((line) => /^\s*\[/.test(line));
  let at = header === -1 ? lines.length : header;
  // The comment above the first table is about that table.
  while (at > 0 && lines[at - 1]?.startsWith('#')) at -= 1;
  yield withLines(text, at, added);
  yield withLines(text, 0, added);
}
