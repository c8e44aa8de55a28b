import { addEnvironment } from '../config-file/edit.ts';
import { configFileIn } from '../config-file/find.ts';
import { formatOf } from '../config-file/formats.ts';
import { readConfig } from '../config-file/read.ts';
import { environmentsIn, isTable, stringIn, tablesIn, type Table } from '../config-file/table.ts';
import type { Dialogue } from '../dialogue.ts';
import { OperatorProblem } from '../problem.ts';
import { namespaceId } from '../rate-limits.ts';
import { hasEnvironment } from '../target.ts';

// Of the deployed Worker alone: portals and an address belong to one Worker.
export const OWN_VARIABLES = ['PORTALS', 'PORTAL_CONFIGURATION', 'PUBLIC_ORIGIN'];

/** Adds the environment to the configuration, after the model of the top level, if it is missing. */
export async function settleEnvironment(
  directory: string,
  name: string | undefined,
  dialogue: Dialogue,
): Promise<'there' | 'added' | 'missing'> {
  if (name === undefined || hasEnvironment(directory, name)) return 'there';
  const file = configFileIn(directory);
  const environment = environmentFrom(file, readConfig(directory), name);
  const table = formatOf(file).tableName('env', name);
  const change = `Add ${table} to ${file}: a second Worker with a database of its own`;
  if (!(await dialogue.decide(change))) return 'missing';
  addEnvironment(directory, name, environment);
  return 'added';
}

/** @throws OperatorProblem if it cannot be part of a Worker's name */
export function checkEnvironmentName(name: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  throw new OperatorProblem('--env: use lowercase letters, digits and dashes, such as staging.');
}

/** What an environment does not inherit, with a database, counters and addresses of its own. */
function environmentFrom(file: string, config: Table, name: string): Table {
  if (config['route'] !== undefined) {
    throw new OperatorProblem(
      `An environment would take over the route of the top level. Write it as ${formatOf(file).shown({ key: 'routes', value: ['…'] })} in ${file} first.`,
    );
  }
  const workerName = `${stringIn(config, 'name') ?? 'portal-link'}-${name}`;
  const taken = namespacesIn(config);
  const databases = structuredClone(tablesIn(config['d1_databases']));
  for (const database of databases) {
    delete database['database_id'];
    delete database['preview_database_id'];
    database['database_name'] =
      `${stringIn(database, 'database_name') ?? stringIn(config, 'name') ?? 'portal-link'}-${name}`;
  }
  const ratelimits = structuredClone(tablesIn(config['ratelimits']));
  for (const limit of ratelimits) {
    const id = namespaceId(workerName, stringIn(limit, 'name') ?? '', taken);
    limit['namespace_id'] = id;
    taken.add(id);
  }
  const vars = isTable(config['vars']) ? { ...config['vars'] } : {};
  for (const own of OWN_VARIABLES) if (own in vars) vars[own] = '';
  return {
    // Inherited, unlike the others: this Worker must not take the addresses of the first.
    ...(config['routes'] !== undefined && { routes: [] }),
    ...(databases.length > 0 && { d1_databases: databases }),
    ...(ratelimits.length > 0 && { ratelimits }),
    ...(config['send_email'] !== undefined && { send_email: config['send_email'] }),
    ...(isTable(config['secrets']) && { secrets: config['secrets'] }),
    vars,
  };
}

/** Ids that the rate limits of this file use. */
function namespacesIn(config: Table): Set<string> {
  const environments = environmentsIn(config).map(([, environment]) => environment);
  const limits = [config, ...environments].flatMap(({ ratelimits }) => tablesIn(ratelimits));
  return new Set(limits.map((limit) => stringIn(limit, 'namespace_id') ?? ''));
}
