import { parseEnv } from 'node:util';
import { DEV_VARS, namesInDotEnv } from '../dot-env.ts';
import type { Format, TablePath } from '../config-file/format.ts';
import {
  environmentsIn,
  isTable,
  listIn,
  nameOf,
  stringIn,
  tablesIn,
  type Table,
} from '../config-file/table.ts';
import { assetsByHand } from './assets.ts';
import { readIfThere } from './change.ts';

const MOUNT_NEEDS = ['PUBLIC_ORIGIN', 'SIGN_IN_URL'];
// The template's other flags let a Worker that has nothing but portal-link start sooner.
const NEEDED_FLAG = 'global_fetch_strictly_public';

/**
 * What the configuration has in another way than portal-link needs it, and no further table mends.
 *
 * @param isMount  the Worker is the operator's own, and says itself who asks
 */
export const linesByHand = (
  folder: string,
  format: Format,
  given: Table,
  wanted: Table,
  isMount: boolean,
): string[] => [
  ...cronsByHand(format, given, wanted),
  ...(isMount && given['vars'] !== undefined ? varsByHand(format, given) : []),
  ...compatibilityByHand(given, wanted, isMount),
  ...assetsByHand(format, given),
  ...environmentsIn(given).flatMap(([name, environment]) =>
    [
      bindingsByHand(format, environment, wanted, name),
      assetsByHand(format, environment, ['env', name]),
      cronsByHand(format, environment, wanted, ['env', name]),
      isMount ? varsByHand(format, environment, ['env', name]) : [],
    ].flat(),
  ),
  ...secretsByHand(folder, format, given, wanted),
];

function cronsByHand(
  { tableName }: Format,
  given: Table,
  wanted: Table,
  path: TablePath = [],
): string[] {
  if (given['triggers'] === undefined) return [];
  const [there, needed] = [given, wanted].map((each) => listIn(each['triggers'], 'crons'));
  const crons = missingFrom(there, needed);
  return crons.length > 0
    ? [`in ${tableName(...path, 'triggers')}, add ${crons.join(', ')} to crons`]
    : [];
}

/** Variables of a mount that these settings do not name. */
export const missingVars = ({ vars }: Table): string[] =>
  MOUNT_NEEDS.filter((name) => !isTable(vars) || !(name in vars));

function varsByHand({ tableName }: Format, environment: Table, path: TablePath = []): string[] {
  const missing = missingVars(environment);
  return missing.length > 0
    ? [`in ${tableName(...path, 'vars')}, set ${missing.join(' and ')}`]
    : [];
}

/** https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys */
function bindingsByHand(
  { tableName }: Format,
  environment: Table,
  wanted: Table,
  name: string,
): string[] {
  const missing = ['d1_databases', 'ratelimits'].flatMap((list) => {
    const there = new Set(tablesIn(environment[list]).map(nameOf));
    return tablesIn(wanted[list])
      .map(nameOf)
      .filter((binding) => !there.has(binding));
  });
  if (missing.length === 0) return [];
  return [
    `${tableName('env', name)} inherits no bindings: give it ${missing.join(', ')}, with a database and counters of its own`,
  ];
}

function compatibilityByHand(given: Table, wanted: Table, isMount: boolean): string[] {
  const there = listIn(given, 'compatibility_flags');
  const [date, tested] = [given, wanted].map((each) => stringIn(each, 'compatibility_date') ?? '');
  const flags = isMount ? [] : missingFrom(there, [NEEDED_FLAG]);
  const isOld = date !== undefined && tested !== undefined && date < tested;
  const isEnough = isMount && there?.some((flag) => /^nodejs_(?:compat|als)$/.test(flag));
  const otherwise = isMount ? ', or add "nodejs_compat" to compatibility_flags' : '';
  return [
    ...(flags.length > 0 ? [`add ${flags.join(', ')} to compatibility_flags`] : []),
    ...(isOld && !isEnough ? [`set compatibility_date to "${tested}" or later${otherwise}`] : []),
  ];
}

/**
 * With `secrets`, `wrangler dev` passes over every name in .dev.vars and .env that is not in it. So it
 * has to name all secrets of the Worker, and only its operator knows those.
 */
function secretsByHand(
  folder: string,
  { tableName, shown }: Format,
  given: Table,
  wanted: Table,
): string[] {
  const needed = listIn(wanted['secrets'], 'required');
  if (given['secrets'] !== undefined) {
    const missing = missingFrom(listIn(given['secrets'], 'required'), needed);
    return missing.length > 0
      ? [`in ${tableName('secrets')}, add ${missing.join(', ')} to required`]
      : [];
  }
  const text = readIfThere(folder, DEV_VARS);
  const own = text === undefined ? namesInDotEnv(folder) : Object.keys(parseEnv(text));
  const all = shown({ key: 'required', value: [...new Set([...needed, ...own])] });
  return [
    `if a deploy without one of its secrets is to be refused, add ${tableName('secrets')} with ${all}. \`wrangler dev\` then reads no other secrets from .dev.vars or .env: name all that the Worker has`,
  ];
}

const missingFrom = (there: readonly string[] = [], needed: readonly string[] = []) =>
  needed.filter((each) => !there.includes(each)).map((each) => `"${each}"`);
