import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import { command } from '../commands.ts';
import { OperatorProblem } from './problem.ts';
import { CONFIG_FILE, type Target } from './target.ts';
import { isTable } from './toml.ts';

// Named environments have their own names and counters by design.
const OWN = new Set(['name', 'd1_databases.database_name', 'ratelimits.namespace_id']);

/**
 * The production Worker is the one of the top level. In an older wrangler.toml it may still be
 * [env.production].
 *
 * @throws OperatorProblem if the top level lacks settings of [env.production]
 */
export function refuseToSkipProduction(target: Target): void {
  const lacking = settingsOfProductionOnly(target);
  if (lacking.length === 0) return;
  throw new OperatorProblem(
    `${CONFIG_FILE} has settings in [env.production] that the top level lacks: ${lacking.join(', ')}. ` +
      `Deploy that Worker with \`${command('deploy', '--env production')}\`, or move its settings to the top level and delete [env.production].`,
  );
}

/** Settings of [env.production] that are missing or different at the top level, if that is meant. */
export function settingsOfProductionOnly({ directory, environment }: Target): string[] {
  if (environment !== undefined) return [];
  const config = parse(readFileSync(join(directory, CONFIG_FILE), 'utf8'));
  const environments = config['env'];
  const production = isTable(environments) ? environments['production'] : undefined;
  return isTable(production) ? [...missing('', production, config)] : [];
}

function* missing(
  path: string,
  wanted: TomlValue,
  given: TomlValue | undefined,
): Generator<string> {
  if (OWN.has(path)) return;
  if (isTable(wanted)) {
    for (const [name, value] of Object.entries(wanted)) {
      const inner = path === '' ? name : `${path}.${name}`;
      yield* missing(inner, value, isTable(given) ? given[name] : undefined);
    }
  } else if (Array.isArray(wanted) && wanted.some(isTable)) {
    for (const value of wanted) yield* missing(path, value, counterpart(value, given));
  } else if (wanted !== '' && !isIn(wanted, given)) {
    yield path;
  }
}

/** The binding of the same name in the other list. */
function counterpart(wanted: TomlValue, given: TomlValue | undefined): TomlValue | undefined {
  if (!Array.isArray(given) || !isTable(wanted)) return undefined;
  const id = idOf(wanted);
  return given.find((each) => isTable(each) && idOf(each) === id);
}

const idOf = ({ binding, name, pattern }: TomlTable) => binding ?? name ?? pattern;

function isIn(wanted: TomlValue, given: TomlValue | undefined): boolean {
  if (!Array.isArray(wanted)) return isDeepStrictEqual(wanted, given);
  return Array.isArray(given) && wanted.every((each) => given.includes(each));
}
