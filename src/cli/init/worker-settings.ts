import { isDeepStrictEqual, parseEnv } from 'node:util';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { OperatorProblem } from '../problem.ts';
import { namespaceId } from '../rate-limits.ts';
import { CONFIG_FILE, isTable } from '../toml.ts';
import { readIfThere, type Change } from './change.ts';
import { blocksIn, type Block } from './template.ts';

/** What becomes of wrangler.toml, and what only the operator can change in it. */
export type WorkerSettings = { main: string; changes: Change[]; byHand: string[] };

const MAIN = 'src/index.ts';

/** @throws OperatorProblem if the file is no TOML, or nothing can be added at its end */
export function planWorkerSettings(folder: string, template: string): WorkerSettings {
  const before = readIfThere(folder, CONFIG_FILE);
  if (before === undefined) {
    const changes = [{ file: CONFIG_FILE, before, after: template }];
    return { main: MAIN, changes, byHand: [] };
  }
  const given = parsed(before);
  const name = stringIn(given, 'name') ?? 'portal-link';
  const missing = blocksIn(template)
    .filter((block) => block.name !== 'secrets' && !has(given, block))
    .map((block) => withOwnCounters(block, name));
  const main = stringIn(given, 'main');
  const beginning = main === undefined ? `main = "${MAIN}"\n${before}` : before;
  const after = [beginning.trimEnd(), ...missing].join('\n\n') + '\n';
  if (!isKept(given, after)) {
    throw new OperatorProblem(
      `Nothing can be added at the end of ${CONFIG_FILE} as it is written. Add this yourself, and run this again:\n\n${missing.join('\n\n')}`,
    );
  }
  const isChanged = main === undefined || missing.length > 0;
  return {
    main: main ?? MAIN,
    changes: isChanged ? [{ file: CONFIG_FILE, before, after }] : [],
    byHand: [...byHand(given, parse(template)), ...secretsByHand(folder, given, parse(template))],
  };
}

function parsed(text: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : 'it is no TOML';
    throw new OperatorProblem(`${CONFIG_FILE} cannot be read. ${reason}`);
  }
}

/** Whether the file has this table. Bindings go by their names. */
function has(given: TomlTable, { name, content }: Block): boolean {
  const wanted = content[name];
  const there = given[name];
  if (!Array.isArray(wanted)) return there !== undefined;
  const names = new Set(tablesIn(there).map(nameOf));
  return tablesIn(wanted).every((each) => names.has(nameOf(each)));
}

/** Workers of one account that use the same namespace_id also use the same counters. */
function withOwnCounters({ text, content }: Block, worker: string): string {
  const [limit] = tablesIn(content['ratelimits']);
  const id = namespaceId(worker, stringIn(limit ?? {}, 'name') ?? '');
  return text.replace(/^namespace_id = .*$/m, `namespace_id = "${id}"`);
}

/** Whether a parser finds in the new text all that was there. */
function isKept(given: TomlTable, after: string): boolean {
  try {
    const found = parse(after);
    return Object.entries(given).every(([key, value]) => {
      const now = found[key];
      const same = Array.isArray(value) && Array.isArray(now) ? now.slice(0, value.length) : now;
      return isDeepStrictEqual(structuredClone(same), structuredClone(value));
    });
  } catch {
    return false;
  }
}

/** What the file has in another way than portal-link needs it. */
function byHand(given: TomlTable, wanted: TomlTable): string[] {
  const lacking = (table: string, key: string) => {
    const [there, needed] = [given, wanted].map((each) => listIn(each[table], key));
    return given[table] === undefined ? [] : missingFrom(there, needed);
  };
  const crons = lacking('triggers', 'crons');
  const flags = missingFrom(
    listIn(given, 'compatibility_flags'),
    listIn(wanted, 'compatibility_flags'),
  );
  const [date, tested] = [given, wanted].map((each) => stringIn(each, 'compatibility_date') ?? '');
  return [
    ...(crons.length > 0 ? [`in [triggers], add ${crons.join(', ')} to crons`] : []),
    ...(flags.length > 0 ? [`add ${flags.join(', ')} to compatibility_flags`] : []),
    ...(date !== undefined && tested !== undefined && date < tested
      ? [`set compatibility_date to "${tested}" or later`]
      : []),
  ];
}

/**
 * With [secrets], `wrangler dev` passes over every name in .dev.vars that is not in it. So only who
 * knows all secrets of the Worker can add it.
 */
function secretsByHand(folder: string, given: TomlTable, wanted: TomlTable): string[] {
  const needed = listIn(wanted['secrets'], 'required');
  if (given['secrets'] !== undefined) {
    const missing = missingFrom(listIn(given['secrets'], 'required'), needed);
    return missing.length > 0 ? [`in [secrets], add ${missing.join(', ')} to required`] : [];
  }
  const own = Object.keys(parseEnv(readIfThere(folder, '.dev.vars') ?? ''));
  const all = missingFrom([], [...new Set([...needed, ...own])]);
  return [
    `if a deploy without one of its secrets is to be refused, add [secrets] with required = [${all.join(', ')}]. \`wrangler dev\` then reads no other secrets from .dev.vars: name all that the Worker has`,
  ];
}

const missingFrom = (there: readonly string[] = [], needed: readonly string[] = []) =>
  needed.filter((each) => !there.includes(each)).map((each) => `"${each}"`);

function listIn(table: TomlValue | undefined, key: string): string[] {
  const list = isTable(table) ? table[key] : undefined;
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}

const tablesIn = (value: TomlValue | undefined): TomlTable[] =>
  Array.isArray(value) ? value.filter(isTable) : [];

const nameOf = ({ binding, name }: TomlTable) => binding ?? name;

function stringIn(table: TomlTable, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' ? value : undefined;
}
