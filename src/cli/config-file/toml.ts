import { parse, TomlError } from 'smol-toml';
import type { Format, TablePath } from './format.ts';
import { withLineEnds } from './line-ends.ts';
import { isSame, isTable, type Entry, type Table } from './table.ts';
import { insertions, isToml, readsAs, replacements, toKeys, toPair } from './toml-entry.ts';
import { environmentText } from './toml-environment.ts';
import { routeCandidates } from './toml-routes.ts';

/** Wrangler's older format. Each change is tried in several layouts, and one that reads as it should is taken. */
export const toml: Format = {
  read,
  withEntry(text, table, entry) {
    const wanted = read(text);
    const inner = tableOf(wanted, table);
    if (!inner) return undefined;
    if (isSame(inner[entry.key], entry.value)) return text;
    inner[entry.key] = entry.value;
    const candidates = [
      ...replacements(text, entry),
      ...(table.length === 0
        ? [`${withLineEnds(`${toPair(entry)}\n`, text)}${text}`]
        : [
            ...insertions(text, table, entry),
            appended(text, `[${toKeys(table)}]\n${toPair(entry)}`),
          ]),
    ];
    return candidates.find((after) => readsAs(after, wanted));
  },
  withRoutes(text, environment, added, all) {
    const wanted = read(text);
    const table = tableOf(wanted, environment === undefined ? [] : ['env', environment]);
    if (!table) return undefined;
    if (isSame(table['routes'], all)) return text;
    table['routes'] = all;
    const candidates = routeCandidates(text, environment, added, all);
    return candidates.find((after) => readsAs(after, wanted));
  },
  withEnvironment(text, name, environment) {
    const wanted = read(text);
    const others = tableOf(wanted, ['env']);
    if (!others) return undefined;
    others[name] = environment;
    const after = appended(text, environmentText(name, environment));
    return readsAs(after, wanted) ? after : undefined;
  },
  withBlocks(text, blocks) {
    const after = `${[text.trimEnd(), ...blocks].join('\n\n')}\n`;
    return isToml(after) ? after : undefined;
  },
  isByLine: true,
  tableName: (...table) => `[${toKeys(table)}]`,
  listName: (...list) => `[[${toKeys(list)}]]`,
  shown: (entry: Entry) => toPair(entry),
  shownBlocks: (blocks) => blocks.join('\n\n'),
  newEnvironment: (name, environment) => [
    'at its end',
    [environmentText(name, environment).trimEnd()],
  ],
  top: 'above its first table',
};

function read(text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Below the first line, the parser shows lines of the file, and with them a secret.
    const [what = ''] = error.message.split('\n');
    throw new SyntaxError(`line ${error.line}, column ${error.column}: ${what}.`, { cause: error });
  }
}

/** A table, made if it is missing. Undefined if something else is there. */
function tableOf(wanted: Table, path: TablePath): Table | undefined {
  let inner = wanted;
  for (const key of path) {
    const child = inner[key] ?? {};
    if (!isTable(child)) return undefined;
    inner[key] = child;
    inner = child;
  }
  return inner;
}

const appended = (text: string, added: string) =>
  text.trimEnd() + withLineEnds(`\n\n${added.trimEnd()}\n`, text);
