import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable } from 'smol-toml';
import { command } from '../../commands.ts';
import { foreignDatabase, hasOurMigrations } from '../d1/own-migrations.ts';
import { OperatorProblem } from '../problem.ts';
import { namespaceId } from '../rate-limits.ts';
import { CONFIG_FILE } from '../toml.ts';
import { linesByHand } from './by-hand.ts';
import { readIfThere, type Change } from './change.ts';
import { environmentsIn, nameOf, stringIn, tablesIn } from './tables.ts';
import { blocksIn, type Block } from './template.ts';

/** What becomes of wrangler.toml, and what only the operator can change in it. */
export type WorkerSettings = { main: string; changes: Change[]; byHand: string[] };

const MAIN = 'src/index.ts';

// What a mount needs: how portal-link signs people in, and how its Worker runs, is the host's.
const OF_A_MOUNT = new Set(['d1_databases', 'ratelimits', 'triggers', 'vars']);

/** The module that the folder's Worker begins with, or will. */
export function readMain(folder: string): string {
  const text = readIfThere(folder, CONFIG_FILE);
  return (text === undefined ? undefined : stringIn(parsed(text), 'main')) ?? MAIN;
}

/**
 * @param isMount  the Worker that is there is the operator's own
 * @throws OperatorProblem if the file is no TOML, or nothing can be added at its end
 */
export function planWorkerSettings(
  folder: string,
  template: string,
  isMount: boolean,
): WorkerSettings {
  const before = readIfThere(folder, CONFIG_FILE);
  if (before === undefined) {
    const changes = [{ file: CONFIG_FILE, before, after: template }];
    return { main: MAIN, changes, byHand: [] };
  }
  const given = parsed(before);
  refuseForeignDatabase(folder, given);
  const name = stringIn(given, 'name') ?? 'portal-link';
  const missing = blocksIn(template)
    .filter((block) => block.name !== 'secrets' && !has(given, block))
    .filter((block) => !isMount || OF_A_MOUNT.has(block.name))
    .map((block) => withOwnCounters(block, name))
    .map((text) => (isMount ? withoutIdentity(text) : text));
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
    byHand: linesByHand(folder, given, parse(template), isMount),
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

/** Our tables have names that an app's own may have, too. */
function refuseForeignDatabase(folder: string, given: TomlTable): void {
  const environments = environmentsIn(given).map(([, environment]) => environment);
  const bound = [given, ...environments]
    .flatMap((each) => tablesIn(each['d1_databases']))
    .filter(({ binding }) => binding === 'DB')
    .map((database) => resolve(folder, stringIn(database, 'migrations_dir') ?? 'migrations'));
  const foreign = bound.find((migrations) => !hasOurMigrations(migrations));
  if (foreign === undefined) return;
  const { found, next } = foreignDatabase(foreign);
  throw new OperatorProblem(
    `${found} ${next} Or run this in a folder of its own, such as \`${command('init', 'billing')}\`. Nothing was written.`,
  );
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

/** Without the settings that say who signs people in, and the comments above them. */
const withoutIdentity = (text: string) =>
  text.replace(/(?:^#.*\n)*(?:^(?:AUTH|SESSION)_\w+ = .*(?:\n|$))+\n*/gm, '');

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
