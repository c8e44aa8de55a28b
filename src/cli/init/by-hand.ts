import { parseEnv } from 'node:util';
import type { TomlTable } from 'smol-toml';
import { readIfThere } from './change.ts';
import { listIn, stringIn } from './tables.ts';

/** What wrangler.toml has in another way than portal-link needs it, and no line at its end mends. */
export const linesByHand = (folder: string, given: TomlTable, wanted: TomlTable): string[] => [
  ...settingsByHand(given, wanted),
  ...secretsByHand(folder, given, wanted),
];

function settingsByHand(given: TomlTable, wanted: TomlTable): string[] {
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
