import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable, type TomlValue } from 'smol-toml';
import type { Dialogue } from '../dialogue.ts';
import { addToConfigFile } from '../files.ts';
import { OperatorProblem } from '../problem.ts';
import { namespaceId } from '../rate-limits.ts';
import { CONFIG_FILE, hasEnvironment } from '../target.ts';
import { isTable } from '../toml.ts';

// Of the deployed Worker alone: portals and an address belong to one Worker.
export const OWN_VARIABLES = ['PORTALS', 'PORTAL_CONFIGURATION', 'PUBLIC_ORIGIN'];

/** Adds [env.NAME] to wrangler.toml, after the model of the top level, if it is missing. */
export async function settleEnvironment(
  directory: string,
  name: string | undefined,
  dialogue: Dialogue,
): Promise<'there' | 'added' | 'missing'> {
  if (name === undefined || hasEnvironment(directory, name)) return 'there';
  const environment = environmentFrom(
    parse(readFileSync(join(directory, CONFIG_FILE), 'utf8')),
    name,
  );
  const change = `Add [env.${name}] to ${CONFIG_FILE}: a second Worker with a database of its own`;
  if (!(await dialogue.decide(change))) return 'missing';
  addToConfigFile(directory, name, toToml(name, environment), environment);
  return 'added';
}

/** @throws OperatorProblem if it cannot be part of a Worker's name */
export function checkEnvironmentName(name: string): void {
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  throw new OperatorProblem('--env: use lowercase letters, digits and dashes, such as staging.');
}

/** What an environment does not inherit, with a database, counters and addresses of its own. */
function environmentFrom(config: TomlTable, name: string): TomlTable {
  if (config['route'] !== undefined) {
    throw new OperatorProblem(
      `An environment would take over the route of the top level. Write it as routes = ["…"] in ${CONFIG_FILE} first.`,
    );
  }
  const workerName = `${nameIn(config, 'name') ?? 'portal-link'}-${name}`;
  const taken = namespacesIn(config);
  const databases = structuredClone(tablesIn(config['d1_databases']));
  for (const database of databases) {
    delete database['database_id'];
    delete database['preview_database_id'];
    database['database_name'] =
      `${nameIn(database, 'database_name') ?? nameIn(config, 'name') ?? 'portal-link'}-${name}`;
  }
  const ratelimits = structuredClone(tablesIn(config['ratelimits']));
  for (const limit of ratelimits) {
    const id = namespaceId(workerName, nameIn(limit, 'name') ?? '', taken);
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

const tablesIn = (value: TomlValue | undefined): TomlTable[] =>
  Array.isArray(value) ? value.filter(isTable) : [];

function nameIn(table: TomlTable, key: string): string | undefined {
  const name = table[key];
  return typeof name === 'string' ? name : undefined;
}

/** Ids that the rate limits of this file use. */
function namespacesIn(config: TomlTable): Set<string> {
  const environments = isTable(config['env']) ? Object.values(config['env']).filter(isTable) : [];
  const limits = [config, ...environments].flatMap(({ ratelimits }) => tablesIn(ratelimits));
  return new Set(limits.map((limit) => nameIn(limit, 'namespace_id') ?? ''));
}

function toToml(name: string, environment: TomlTable): string {
  const lines = [
    `# A second Worker: \`--env ${name}\` on each command. Its settings are explained above.`,
  ];
  const entries = Object.entries(environment);
  const plain = Object.fromEntries(entries.filter(([, value]) => isPlain(value)));
  if (Object.keys(plain).length > 0) lines.push(`[env.${name}]`, ...pairs(plain), '');
  for (const [key, value] of entries) {
    if (isTable(value)) lines.push(`[env.${name}.${key}]`, ...pairs(value), '');
    for (const item of tablesIn(value)) {
      lines.push(`[[env.${name}.${key}]]`, ...pairs(item), '');
    }
  }
  return lines.join('\n');
}

const isPlain = (value: TomlValue) => !isTable(value) && tablesIn(value).length === 0;

const pairs = (table: TomlTable) =>
  Object.entries(table).map(([key, value]) => `${key} = ${inline(value)}`);

/** JSON's strings, numbers and booleans are TOML, too. */
function inline(value: TomlValue): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  return isTable(value) ? `{ ${pairs(value).join(', ')} }` : JSON.stringify(value);
}
