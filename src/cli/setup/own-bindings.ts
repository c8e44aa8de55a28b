import { settingNames } from '../../config/settings.ts';
import {
  isTable,
  nameOf,
  stringIn,
  tablesIn,
  type Table,
  type Value,
} from '../config-file/table.ts';

const LIMITS = new Set([
  'SESSION_LIMIT',
  'CLIENT_LIMIT',
  'WEBHOOK_LIMIT',
  'SIGN_IN_BY_ADDRESS',
  'SIGN_IN_BY_CLIENT',
]);

/** Of these bindings, those that portal-link needs. */
export const ours = {
  d1_databases: (value: Value | undefined) => named(value, new Set(['DB'])),
  ratelimits: (value: Value | undefined) => named(value, LIMITS),
  send_email: (value: Value | undefined) => named(value, new Set(['EMAIL'])),
  vars: (value: Value | undefined): Table =>
    Object.fromEntries(
      Object.entries(isTable(value) ? value : {}).filter(([name]) => settingNames.includes(name)),
    ),
};

const named = (value: Value | undefined, names: ReadonlySet<string>) =>
  tablesIn(value).filter((table) => names.has(nameOf(table)));

// https://developers.cloudflare.com/workers/wrangler/configuration/#non-inheritable-keys, and those
// that wrangler treats alike.
const NOT_INHERITED = [
  'agent_memory',
  'ai',
  'ai_search',
  'ai_search_namespaces',
  'analytics_engine_datasets',
  'artifacts',
  'browser',
  'containers',
  'd1_databases',
  'dispatch_namespaces',
  'durable_objects',
  'hyperdrive',
  'images',
  'kv_namespaces',
  'media',
  'mtls_certificates',
  'pipelines',
  'queues',
  'r2_buckets',
  'ratelimits',
  'secrets_store_secrets',
  'send_email',
  'services',
  'stream',
  'vectorize',
  'version_metadata',
  'vpc_services',
  'worker_loaders',
  'workflows',
];

/** What the top level binds and an environment lacks, and variables that are not portal-link's. */
export function lackingIn(environment: Table, topLevel: Table): string[] {
  const lists = NOT_INHERITED.map((key) => ({
    key,
    wanted: namesIn(key, topLevel[key]),
    there: namesIn(key, environment[key]),
  }));
  const own = Object.keys(isTable(topLevel['vars']) ? topLevel['vars'] : {});
  const wanted = own.filter((name) => !settingNames.includes(name));
  const { vars } = environment;
  const there = Object.keys(isTable(vars) ? vars : {});
  return [...lists, { key: 'vars', wanted, there }].flatMap((each) => {
    const missing = each.wanted.filter((name) => !each.there.includes(name));
    return missing.length === 0 ? [] : [`${each.key} (${missing.join(', ')})`];
  });
}

/**
 * What the app's code calls the bindings of one kind, in whichever shape they are written. What
 * consumes a queue has no such name: another environment takes another queue.
 */
function namesIn(key: string, value: Value | undefined): string[] {
  if (Array.isArray(value)) return tablesIn(value).flatMap((table) => namesIn(key, table));
  if (!isTable(value)) return [];
  const name = key === 'containers' ? stringIn(value, 'class_name') : nameOf(value);
  if (name) return [name];
  return Object.entries(value).flatMap(([part, each]) =>
    part === 'consumers' ? [] : namesIn(key, each),
  );
}
