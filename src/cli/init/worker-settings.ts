import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { command } from '../../commands.ts';
import { findConfigFile, TOML_FILE } from '../config-file/find.ts';
import type { Format } from '../config-file/format.ts';
import { formatOf } from '../config-file/formats.ts';
import { tableIn } from '../config-file/read.ts';
import { environmentsIn, stringIn, tablesIn, type Table } from '../config-file/table.ts';
import { foreignDatabase, hasOurMigrations } from '../d1/own-migrations.ts';
import { OperatorProblem } from '../problem.ts';
import { linesByHand, missingVars } from './by-hand.ts';
import { readIfThere, type Change } from './change.ts';
import { missingBlocks } from './missing-blocks.ts';
import { refuseTakenNames } from './taken-names.ts';
import { blocksIn } from './template.ts';

/** What becomes of the configuration, and what only the operator can change in it. */
export type WorkerSettings = {
  main: string;
  changes: Change[];
  byHand: string[];
  /** Whether `byHand` has the variables that a mount needs. */
  namesVars: boolean;
};

const MAIN = 'src/index.ts';

/** The file with the Worker's settings, and the module that it begins with, or will. */
export function readMain(folder: string): { configFile: string; main: string } {
  const configFile = findConfigFile(folder) ?? TOML_FILE;
  const text = readIfThere(folder, configFile);
  const main = text === undefined ? undefined : stringIn(tableIn(configFile, text), 'main');
  return { configFile, main: main ?? MAIN };
}

/**
 * @param template  in TOML, whatever the format of the configuration that is there
 * @param isMount  the Worker that is there is the operator's own
 * @throws OperatorProblem if the configuration cannot be read, or nothing can be added to it
 */
export function planWorkerSettings(
  folder: string,
  configFile: string,
  template: string,
  isMount: boolean,
): WorkerSettings {
  const before = readIfThere(folder, configFile);
  if (before === undefined) {
    const changes = [{ file: configFile, before, after: template }];
    return { main: MAIN, changes, byHand: [], namesVars: false };
  }
  const format = formatOf(configFile);
  const given = tableIn(configFile, before);
  refusePages(configFile, given);
  const wanted = formatOf(TOML_FILE).read(template);
  refuseTakenNames(configFile, format, given, wanted);
  refuseForeignDatabase(folder, given);
  const missing = missingBlocks(given, template, isMount);
  const main = stringIn(given, 'main');
  const beginning =
    main === undefined ? format.withEntry(before, [], { key: 'main', value: MAIN }) : before;
  const after =
    missing.length === 0 ? beginning : beginning && format.withBlocks(beginning, missing);
  if (after === undefined || !isKept(given, tableIn(configFile, after))) {
    throw new OperatorProblem(
      `Nothing can be added to ${configFile} as it is written. Add this yourself, and run this again:\n\n${shownMissing(before, given, format, missing)}`,
    );
  }
  return {
    main: main ?? MAIN,
    changes: after === before ? [] : [{ file: configFile, before, after }],
    byHand: linesByHand(folder, format, given, wanted, isMount),
    namesVars: given['vars'] !== undefined && missingVars(given).length > 0,
  };
}

/** Where a list is written as one value, TOML allows no table of it beside that. */
function shownMissing(
  text: string,
  given: Table,
  format: Format,
  missing: readonly string[],
): string {
  const isItem = (block: string) =>
    blocksIn(block).every(({ name }) => Array.isArray(given[name])) &&
    format.withBlocks(text, [block]) === undefined;
  const tables = missing.filter((block) => !isItem(block));
  const items = missing
    .filter(isItem)
    .flatMap(blocksIn)
    .map(({ name, content }) => format.shown({ key: name, value: tablesIn(content[name]) }));
  return [
    ...(tables.length > 0 ? [format.shownBlocks(tables)] : []),
    ...(items.length > 0 ? ['Into the lists that are there, the items of these:', ...items] : []),
  ].join('\n\n');
}

/** https://developers.cloudflare.com/pages/functions/wrangler-configuration/ */
function refusePages(configFile: string, given: Table): void {
  if (given['pages_build_output_dir'] === undefined) return;
  throw new OperatorProblem(
    `${configFile} is of Cloudflare Pages, which has neither cron jobs nor rate limits. Run this in a folder of its own, such as \`${command('init', 'billing')}\`, or move the app to Workers first: https://developers.cloudflare.com/workers/static-assets/migration-guides/migrate-from-pages/. Nothing was written.`,
  );
}

/** Our tables have names that an app's own may have, too. */
function refuseForeignDatabase(folder: string, given: Table): void {
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

/** Whether the new configuration has all that was there. */
const isKept = (given: Table, found: Table) =>
  Object.entries(given).every(([key, value]) => {
    const now = found[key];
    const same = Array.isArray(value) && Array.isArray(now) ? now.slice(0, value.length) : now;
    return isDeepStrictEqual(structuredClone(same), structuredClone(value));
  });
