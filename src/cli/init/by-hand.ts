import { parseEnv } from 'node:util';
import type { TomlTable } from 'smol-toml';
import { isTable } from '../toml.ts';
import { readIfThere } from './change.ts';
import { environmentsIn, listIn, nameOf, stringIn, tablesIn } from './tables.ts';

const MOUNT_NEEDS = ['PUBLIC_ORIGIN', 'SIGN_IN_URL'];

/**
 * What wrangler.toml has in another way than portal-link needs it, and no line at its end mends.
 *
 * @param isMount  the Worker is the operator's own, and says itself who asks
 */
export const linesByHand = (
  folder: string,
  given: TomlTable,
  wanted: TomlTable,
  isMount: boolean,
): string[] => [
  ...cronsByHand(given, wanted, ''),
  ...(isMount && given['vars'] !== undefined ? varsByHand(given, '') : []),
  ...compatibilityByHand(given, wanted, isMount),
  ...environmentsIn(given).flatMap(([name, environment]) =>
    [
      bindingsByHand(environment, wanted, name),
      cronsByHand(environment, wanted, `env.${name}.`),
      isMount ? varsByHand(environment, `env.${name}.`) : [],
    ].flat(),
  ),
  ...secretsByHand(folder, given, wanted),
];

function cronsByHand(given: TomlTable, wanted: TomlTable, prefix: string): string[] {
  if (given['triggers'] === undefined) return [];
  const [there, needed] = [given, wanted].map((each) => listIn(each['triggers'], 'crons'));
  const crons = missingFrom(there, needed);
  return crons.length > 0 ? [`in [${prefix}triggers], add ${crons.join(', ')} to crons`] : [];
}

function varsByHand({ vars }: TomlTable, prefix: string): string[] {
  const missing = MOUNT_NEEDS.filter((name) => !isTable(vars) || !(name in vars));
  return missing.length > 0 ? [`in [${prefix}vars], set ${missing.join(' and ')}`] : [];
}

/** https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys */
function bindingsByHand(environment: TomlTable, wanted: TomlTable, name: string): string[] {
  const missing = ['d1_databases', 'ratelimits'].flatMap((list) => {
    const there = new Set(tablesIn(environment[list]).map(nameOf));
    return tablesIn(wanted[list])
      .map(nameOf)
      .filter((binding) => !there.has(binding));
  });
  if (missing.length === 0) return [];
  return [
    `[env.${name}] inherits no bindings: give it ${missing.join(', ')}, with a database and counters of its own`,
  ];
}

function compatibilityByHand(given: TomlTable, wanted: TomlTable, isMount: boolean): string[] {
  const [there, needed] = [given, wanted].map((each) => listIn(each, 'compatibility_flags'));
  const [date, tested] = [given, wanted].map((each) => stringIn(each, 'compatibility_date') ?? '');
  const flags = isMount ? [] : missingFrom(there, needed);
  const isOld = date !== undefined && tested !== undefined && date < tested;
  const isEnough = isMount && there?.includes('nodejs_compat');
  const otherwise = isMount ? ', or add "nodejs_compat" to compatibility_flags' : '';
  return [
    ...(flags.length > 0 ? [`add ${flags.join(', ')} to compatibility_flags`] : []),
    ...(isOld && !isEnough ? [`set compatibility_date to "${tested}" or later${otherwise}`] : []),
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
