import { join, resolve } from 'node:path';
import type { Unstable_Config } from 'wrangler';
import { command } from '../commands.ts';
import { MIGRATIONS_TABLE } from '../customers/stores/operator.ts';
import { configFileIn } from './config-file/find.ts';
import { readWorkerConfig } from './config-file/worker.ts';
import { doorOf, sourceOf, type Door } from './app/door.ts';
import { localVariables, pickSecrets, readVariables, secretsFileOf } from './variables.ts';

export { hasEnvironment } from './config-file/worker.ts';

/** The Worker that a command acts on, and its settings. */
export type Target = {
  directory: string;
  /** The name of the file with its settings, such as wrangler.toml. */
  configFile: string;
  /** `local` is `wrangler dev` on this machine, `remote` the Worker at Cloudflare. */
  place: 'local' | 'remote';
  /** The name of an environment in that file; undefined for the top level. */
  environment: string | undefined;
  workerName: string;
  /** How its code leads to portal-link. */
  door: Door;
  isMount: boolean;
  /** The module that it begins with. */
  main: string | undefined;
  accountId: string | undefined;
  databaseName: string | undefined;
  databaseId: string | undefined;
  migrationsFolder: string;
  /** Where wrangler notes which of them it has applied. */
  migrationsTable: string;
  crons: string[];
  /** Bindings that limit rates, each with the id of its counters, and how often it allows a key. */
  rateLimits: { name: string; namespaceId: string; limit: number }[];
  /** Patterns of the routes and custom domains. */
  routes: string[];
  /** Whether the Worker has an address below workers.dev. */
  isOnWorkersDev: boolean;
  compatibilityFlags: string[];
  /** Names of the bindings that lead to other Workers. */
  services: string[];
  /** Names of the bindings that send mail. */
  emailBindings: string[];
  requiredSecrets: string[];
  /** Whether there is such a list. Without one, `wrangler dev` reads all of .dev.vars. */
  listsSecrets: boolean;
  /** As the Worker sees them. Secrets stored at Cloudflare are here only if given to the command. */
  variables: Readonly<Record<string, string>>;
  /** Names in its `vars`, whether the Worker reads them or not. */
  fileVariables: readonly string[];
  /** Names of the secrets that have a value there, as plain text. */
  plainSecrets: readonly string[];
};

export type TargetOptions = { env?: string; remote?: boolean };

/**
 * @param given  variables of the command itself, which may hold secrets
 * @throws OperatorProblem if the configuration cannot be read, or has no such environment
 */
export function readTarget(
  directory: string,
  given: NodeJS.Dict<string>,
  { env, remote }: TargetOptions,
): Target {
  const place = remote || env !== undefined ? 'remote' : 'local';
  const worker = { place, environment: env } as const;
  const configFile = configFileIn(directory);
  const config = readWorkerConfig(directory, env);
  const database = config.d1_databases.find(({ binding }) => binding === 'DB');
  const fileVariables = Object.entries(config.vars).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const routes = routesIn(config);
  const door = doorOf(directory, config);
  return {
    ...worker,
    directory,
    configFile,
    workerName: config.name ?? 'portal-link',
    door,
    isMount: door === 'mount',
    main: sourceOf(directory, config.main),
    accountId: config.account_id,
    databaseName: database?.database_name,
    databaseId: database?.database_id,
    migrationsFolder: resolve(directory, database?.migrations_dir ?? 'migrations'),
    migrationsTable: database?.migrations_table || MIGRATIONS_TABLE,
    crons: config.triggers.crons ?? [],
    rateLimits: config.ratelimits.map(({ name, namespace_id: namespaceId, simple }) => ({
      name,
      namespaceId,
      limit: simple.limit,
    })),
    routes,
    isOnWorkersDev: config.workers_dev ?? routes.length === 0,
    compatibilityFlags: config.compatibility_flags,
    services: (config.services ?? []).map(({ binding }) => binding),
    emailBindings: config.send_email.map(({ name }) => name),
    requiredSecrets: config.secrets?.required ?? [],
    listsSecrets: config.secrets?.required !== undefined,
    variables: {
      ...Object.fromEntries(fileVariables),
      ...(place === 'local'
        ? localVariables(join(directory, configFile), config)
        : pickSecrets(readVariables(join(directory, secretsFileOf(worker))))),
      ...pickSecrets(given),
    },
    fileVariables: Object.keys(config.vars),
    plainSecrets: Object.keys(pickSecrets(Object.fromEntries(fileVariables))),
  };
}

function routesIn({ route, routes = [] }: Unstable_Config): string[] {
  return [route ?? [], routes]
    .flat()
    .map((each) => (typeof each === 'string' ? each : each.pattern));
}

/** Arguments that make wrangler act on the same Worker. */
export function wranglerTarget({ configFile, environment }: Target): string[] {
  return ['--config', configFile, '--env', environment ?? ''];
}

/** Arguments that make wrangler act on the same D1. */
export function databaseTarget(target: Target): string[] {
  return [...wranglerTarget(target), `--${target.place}`];
}

/** Options that make a command of ours act on the same Worker, such as `--remote`. */
export function commandOptions({ environment, place }: Worker) {
  if (environment !== undefined) return `--env ${environment}`;
  return place === 'remote' ? '--remote' : '';
}

type Worker = Pick<Target, 'place' | 'environment'>;

/** A command of ours for this Worker, to show to the operator. */
export function shownCommand(name: string, worker: Worker, ...more: string[]): string {
  return `\`${command(name, commandOptions(worker), ...more)}\``;
}

/** The command that sets up this Worker, to show to the operator. */
export const setupCommand = (worker: Worker) => shownCommand('setup', worker);

/** The command that does this Worker's first fill, to show to the operator. */
export const fillCommand = (worker: Worker, ...more: string[]) =>
  shownCommand('fill', worker, ...more);
