import type { Unstable_Config } from 'wrangler';
import { settingNames } from '../../config/settings.ts';
import {
  isSame,
  isTable,
  listIn,
  nameOf,
  tablesIn,
  type Table,
  type Value,
} from '../config-file/table.ts';

// What of a binding says where it leads.
const BINDINGS = {
  d1_databases: ['database_name', 'database_id'],
  ratelimits: ['namespace_id', 'simple'],
  send_email: [],
} as const;

/**
 * What a build lacks of the configuration, or has otherwise: names alone, for a value may be private.
 * A framework may add variables, bindings and cron jobs of its own.
 *
 * @param built  the configuration that the framework has written
 */
export function buildDifferences(config: Unstable_Config, built: Table): string[] {
  // Values that JSON does not have are not in a file either.
  const wanted: Table = JSON.parse(JSON.stringify(config));
  return [
    ...(isSame(wanted['name'], built['name']) ? [] : ['name']),
    ...variablesIn(wanted['vars'], built['vars']),
    ...bindingsIn(wanted, built),
    ...missing(wanted['triggers'], built['triggers'], 'crons').map(() => 'crons'),
    ...(hasRoutes(wanted, built) ? [] : ['routes']),
    // Wrangler refuses a deploy without a secret that is listed.
    ...missing(built['secrets'], wanted['secrets'], 'required'),
  ];
}

function variablesIn(wanted: Value | undefined, built: Value | undefined): string[] {
  const [ours, theirs] = [wanted, built].map((each) => (isTable(each) ? each : {}));
  const names = new Set([...Object.keys(ours ?? {}), ...settingNames]);
  return [...names].filter((name) => !isSame(ours?.[name], theirs?.[name]));
}

const bindingsIn = (wanted: Table, built: Table) =>
  Object.entries(BINDINGS).flatMap(([list, keys]) => {
    const theirs = tablesIn(built[list]);
    return tablesIn(wanted[list])
      .filter((ours) => {
        const same = theirs.find((each) => nameOf(each) === nameOf(ours));
        return !same || keys.some((key) => !isSame(ours[key], same[key]));
      })
      .map(nameOf);
  });

const missing = (wanted: Value | undefined, there: Value | undefined, key: string) => {
  const names = new Set(listIn(there, key));
  return listIn(wanted, key).filter((each) => !names.has(each));
};

function hasRoutes(wanted: Table, built: Table): boolean {
  const [ours, theirs] = [wanted, built].map(({ route, routes }) =>
    [route ?? [], routes ?? []].flat(),
  );
  return (ours ?? []).every((each) => theirs?.some((other) => isSame(each, other)));
}
