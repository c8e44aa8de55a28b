import { isDeepStrictEqual } from 'node:util';
import { command } from '../commands.ts';
import { formatOf } from './config-file/formats.ts';
import { readConfig } from './config-file/read.ts';
import { isTable, type Table, type Value } from './config-file/table.ts';
import { OperatorProblem } from './problem.ts';
import type { Target } from './target.ts';

// Named environments have their own names and counters by design.
const OWN = new Set(['name', 'd1_databases.database_name', 'ratelimits.namespace_id']);

/**
 * The production Worker is the one of the top level. In an older configuration it may still
 * be the environment `production`.
 *
 * @throws OperatorProblem if the top level lacks settings of `env.production`
 */
export function refuseToSkipProduction(target: Target): void {
  const lacking = settingsOfProductionOnly(target);
  if (lacking.length === 0) return;
  const production = formatOf(target.configFile).tableName('env', 'production');
  throw new OperatorProblem(
    `${target.configFile} has settings in ${production} that the top level lacks: ${lacking.join(', ')}. ` +
      `Deploy that Worker with \`${command('deploy', '--env production')}\`, or move its settings to the top level and delete ${production}.`,
  );
}

/** Settings of `env.production` that are missing or different at the top level, if that is meant. */
export function settingsOfProductionOnly({ directory, environment }: Target): string[] {
  if (environment !== undefined) return [];
  const config = readConfig(directory);
  const environments = config['env'];
  const production = isTable(environments) ? environments['production'] : undefined;
  return isTable(production) ? [...missing('', production, config)] : [];
}

function* missing(path: string, wanted: Value, given: Value | undefined): Generator<string> {
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
function counterpart(wanted: Value, given: Value | undefined): Value | undefined {
  if (!Array.isArray(given) || !isTable(wanted)) return undefined;
  const id = idOf(wanted);
  return given.find((each) => isTable(each) && idOf(each) === id);
}

const idOf = ({ binding, name, pattern }: Table) => binding ?? name ?? pattern;

function isIn(wanted: Value, given: Value | undefined): boolean {
  if (!Array.isArray(wanted)) return isDeepStrictEqual(wanted, given);
  return Array.isArray(given) && wanted.every((each) => given.includes(each));
}
