import { command } from '../../commands.ts';
import { addEnvironment } from '../config-file/edit.ts';
import { configFileIn } from '../config-file/find.ts';
import { formatOf } from '../config-file/formats.ts';
import { readConfig } from '../config-file/read.ts';
import { environmentsIn, isTable, stringIn, tablesIn, type Table } from '../config-file/table.ts';
import type { Dialogue } from '../dialogue.ts';
import { OperatorProblem } from '../problem.ts';
import { namespaceId } from '../rate-limits.ts';
import { hasEnvironment, type Target } from '../target.ts';
import { lackingIn, ours } from './own-bindings.ts';

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

/** Says what this environment lacks, or will lack, of an app around portal-link; undefined if nothing. */
export function lackingOfApp(
  { directory, configFile, door }: Pick<Target, 'directory' | 'configFile' | 'door'>,
  name: string | undefined,
): string | undefined {
  if (name === undefined || door === 'own') return undefined;
  const config = readConfig(directory);
  const environment =
    environmentsIn(config).find(([each]) => each === name)?.[1] ??
    environmentFrom(configFile, config, name);
  const lacking = lackingIn(environment, config);
  if (lacking.length === 0) return undefined;
  const table = formatOf(configFile).tableName('env', name);
  return `${table} of ${configFile} lacks what your app has at the top level: ${lacking.join(', ')}. Environments inherit none of it: give it its own, or your app fails there.`;
}

/** What follows once the environment has all that it lacked. */
export const thenDeploy = (lacking: string, name: string | undefined) =>
  `${lacking} Then run \`${command('deploy', `--env ${name}`)}\`.`;

/** @throws OperatorProblem if it cannot be part of a Worker's name */
export function checkEnvironmentName(name: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  throw new OperatorProblem('--env: use lowercase letters, digits and dashes, such as staging.');
}

/**
 * What an environment does not inherit of portal-link, with a database, counters and addresses of its
 * own. What an app has beside it cannot be copied: a staging of its own needs stores of its own.
 */
function environmentFrom(file: string, config: Table, name: string): Table {
  if (config['route'] !== undefined) {
    throw new OperatorProblem(
      `An environment would take over the route of the top level. Write it as ${formatOf(file).shown({ key: 'routes', value: ['…'] })} in ${file} first.`,
    );
  }
  const workerName = `${stringIn(config, 'name') ?? 'portal-link'}-${name}`;
  const taken = namespacesIn(config);
  const databases = structuredClone(ours.d1_databases(config['d1_databases']));
  for (const database of databases) {
    delete database['database_id'];
    delete database['preview_database_id'];
    database['database_name'] =
      `${stringIn(database, 'database_name') ?? stringIn(config, 'name') ?? 'portal-link'}-${name}`;
  }
  const ratelimits = structuredClone(ours.ratelimits(config['ratelimits']));
  for (const limit of ratelimits) {
    const id = namespaceId(workerName, stringIn(limit, 'name') ?? '', taken);
    limit['namespace_id'] = id;
    taken.add(id);
  }
  const vars = ours.vars(config['vars']);
  const mails = ours.send_email(config['send_email']);
  for (const own of OWN_VARIABLES) if (own in vars) vars[own] = '';
  return {
    // Inherited, unlike the others: this Worker must not take the addresses of the first.
    ...(config['routes'] !== undefined && { routes: [] }),
    ...(databases.length > 0 && { d1_databases: databases }),
    ...(ratelimits.length > 0 && { ratelimits }),
    ...(mails.length > 0 && { send_email: mails }),
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
