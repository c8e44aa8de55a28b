import { changeConfigFile } from './config-file/edit.ts';
import type { Format } from './config-file/format.ts';
import { isSame, isTable, type Table, type Value } from './config-file/table.ts';

/** An address of the Worker: a pattern in a zone, or without a zone a host that Cloudflare makes. */
export type Route = { pattern: string; zone?: string };

/**
 * Adds routes of the Worker to the configuration. All else stays, comments included.
 *
 * @param environment  the name of an environment; undefined for the top level
 * @throws OperatorProblem if the file's layout does not allow it
 */
export function setRoutes(
  directory: string,
  environment: string | undefined,
  routes: readonly Route[],
): void {
  changeConfigFile(
    directory,
    (format, text) => withRoutes(format, text, environment, routes),
    (format, text) => routesByHand(format, text, environment, routes),
  );
}

/** The text of the configuration with these routes, too; undefined if its layout does not allow it. */
export function withRoutes(
  format: Format,
  text: string,
  environment: string | undefined,
  routes: readonly Route[],
): string | undefined {
  const table = workerIn(format.read(text), environment);
  // Wrangler refuses a file with both.
  if (!table || table['route'] !== undefined) return undefined;
  const old = table['routes'];
  const added = missingFrom(old, routes);
  return format.withRoutes(text, environment, added, [...added, ...others(old, added)]);
}

/** What an operator has to write, and where, if setup cannot. */
export function routesByHand(
  format: Format,
  text: string,
  environment: string | undefined,
  routes: readonly Route[],
): [place: string, lines: string[]] {
  const table = workerIn(format.read(text), environment) ?? {};
  const where =
    environment === undefined ? format.top : `in ${format.tableName('env', environment)}`;
  const { route } = table;
  const place = route === undefined ? where : `${where}, in place of route`;
  const old = route === undefined ? table['routes'] : [route];
  const added = missingFrom(old, routes);
  const value = [...added, ...others(old, added)];
  return [place, [format.shown({ key: 'routes', value })]];
}

const entryOf = ({ pattern, zone }: Route): Table =>
  zone === undefined ? { pattern, custom_domain: true } : { pattern, zone_name: zone };

/** Those that the file does not have in this way. */
const missingFrom = (old: Value | undefined, routes: readonly Route[]): Table[] =>
  routes
    .map(entryOf)
    .filter((entry) => !Array.isArray(old) || !old.some((each) => isSame(each, entry)));

/** The routes that the file has beside these. */
function others(old: Value | undefined, added: readonly Table[]): Value[] {
  if (!Array.isArray(old)) return [];
  const patterns = new Set(added.map(({ pattern }) => pattern));
  return old.filter((each) => !patterns.has(isTable(each) ? each['pattern'] : each));
}

function workerIn(config: Table, environment: string | undefined): Table | undefined {
  if (environment === undefined) return config;
  const { env } = config;
  const table = isTable(env) ? env[environment] : undefined;
  return isTable(table) ? table : undefined;
}
