import { parse, TomlError } from 'smol-toml';
import type { Format } from './format.ts';
import { isTable, type Entry, type Table } from './table.ts';
import { insertions, isToml, readsAs, replacements, toPair, withLineEnds } from './toml-entry.ts';
import { environmentText } from './toml-environment.ts';
import { routeCandidates } from './toml-routes.ts';

/** Wrangler's older format. Each change is tried in several layouts, and one that reads as it should is taken. */
export const toml: Format = {
  read,
  withEntry(text, table, entry) {
    const wanted = read(text);
    const inner = table === '' ? wanted : tableOf(wanted, table);
    if (!inner) return undefined;
    inner[entry.key] = entry.value;
    const candidates = [
      ...replacements(text, entry),
      ...(table === ''
        ? [`${withLineEnds(`${toPair(entry)}\n`, text)}${text}`]
        : [...insertions(text, table, entry), appended(text, `[${table}]\n${toPair(entry)}`)]),
    ];
    return candidates.find((after) => readsAs(after, wanted));
  },
  withRoutes(text, environment, added, all) {
    const wanted = read(text);
    const table = environment === undefined ? wanted : tableOf(wanted, `env.${environment}`);
    if (!table) return undefined;
    table['routes'] = all;
    const candidates = routeCandidates(text, environment, added, all);
    return candidates.find((after) => readsAs(after, wanted));
  },
  withEnvironment(text, name, environment) {
    const wanted = read(text);
    const others = tableOf(wanted, 'env');
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
  tableName: (table) => `[${table}]`,
  listName: (list) => `[[${list}]]`,
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
    throw new SyntaxError(error.message.trim(), { cause: error });
  }
}

/** A table by its name, made if it is missing. Undefined if something else is there. */
function tableOf(wanted: Table, name: string): Table | undefined {
  let inner = wanted;
  for (const key of name.split('.')) {
    const child = inner[key] ?? {};
    if (!isTable(child)) return undefined;
    inner[key] = child;
    inner = child;
  }
  return inner;
}

const appended = (text: string, added: string) =>
  text.trimEnd() + withLineEnds(`\n\n${added.trimEnd()}\n`, text);
