import { command } from '../../commands.ts';
import type { Format, TablePath } from '../config-file/format.ts';
import { environmentsIn, isTable, nameOf, type Table, type Value } from '../config-file/table.ts';
import { OperatorProblem } from '../problem.ts';

/** A name in the Worker's `env`, and the table that gives it. */
type Given = { name: string; place: string[] };

/**
 * Wrangler refuses a configuration in which two kinds of binding have one name.
 *
 * @param wanted  the template's
 * @throws OperatorProblem if something of the operator's has a name that portal-link needs
 */
export function refuseTakenNames(
  configFile: string,
  format: Format,
  given: Table,
  wanted: Table,
): void {
  const needed = new Map(namesIn(wanted, []).map(({ name, place }) => [name, place.join('.')]));
  const environments = environmentsIn(given);
  const all: [TablePath, Table][] = [
    [[], given],
    ...environments.map(([name, table]): [TablePath, Table] => [['env', name], table]),
  ];
  for (const [path, table] of all) {
    const taken = namesIn(table, []).find(({ name, place }) => {
      const ours = needed.get(name);
      return ours !== undefined && ours !== place.join('.');
    });
    if (taken === undefined) continue;
    const { name, place } = taken;
    throw new OperatorProblem(
      `${configFile} has ${name} in ${format.tableName(...path, ...place)}, and portal-link needs that name in ${needed.get(name)}: Wrangler takes each name once. Call yours otherwise, here and in your code, such as APP_${name}. Or run this in a folder of its own, such as \`${command('init', 'billing')}\`. Nothing was written.`,
    );
  }
}

/** Names of variables, and of bindings: each of these says it, in a list or in a table of one. */
function namesIn(value: Value | undefined, place: string[]): Given[] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => (isTable(each) ? named(each, place) : []));
  }
  if (!isTable(value)) return [];
  const [first] = place;
  if (first === 'vars') return Object.keys(value).map((name) => ({ name, place }));
  const own = typeof value['binding'] === 'string' ? named(value, place) : [];
  const inner = Object.entries(value)
    .filter(([key]) => place.length > 0 || key !== 'env')
    .flatMap(([key, each]) => namesIn(each, [...place, key]));
  return [...own, ...inner];
}

const named = (table: Table, place: string[]): Given[] => [{ name: nameOf(table), place }];
