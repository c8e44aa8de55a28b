import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { unstable_getVarsForDev, unstable_readConfig, type Unstable_Config } from 'wrangler';
import { settingNames } from '../config/settings.ts';
import { OperatorProblem } from './problem.ts';

/** Which Worker the commands are about, and what it reads from its environment. */
export type Target = {
  directory: string;
  /** `local` is `wrangler dev` on this machine, `remote` the Worker at Cloudflare. */
  place: 'local' | 'remote';
  environment: string | undefined;
  workerName: string;
  databaseName: string | undefined;
  crons: string[];
  /** Names of the bindings that limit rates. */
  rateLimits: string[];
  /** Names of the bindings that send mail. */
  emailBindings: string[];
  requiredSecrets: string[];
  /** As the Worker sees them; of secrets at Cloudflare, only those that are also given here. */
  variables: Readonly<Record<string, string>>;
  /** Names that the file gives to the Worker, settings or not. */
  fileVariables: readonly string[];
};

export type TargetOptions = { env?: string; remote?: boolean };

export const CONFIG_FILE = 'wrangler.toml';

/** Secrets that an operator may hand to a command through its environment. */
export const SECRET_NAMES = [
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'AUTH_JWT_SECRET',
  'LINK_SECRET',
  'LINK_API_KEY',
  'TURNSTILE_SECRET_KEY',
];

/** @throws OperatorProblem when there is no readable wrangler.toml, or no such environment */
export function readTarget(directory: string, { env, remote }: TargetOptions): Target {
  const place = remote || env !== undefined ? 'remote' : 'local';
  const config = readConfigFile(directory, env);
  const database = config.d1_databases.find(({ binding }) => binding === 'DB');
  const fileVariables = Object.entries(config.vars).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return {
    directory,
    place,
    environment: env,
    workerName: config.name ?? 'portal-link',
    databaseName: database?.database_name,
    crons: config.triggers.crons ?? [],
    rateLimits: config.ratelimits.map(({ name }) => name),
    emailBindings: config.send_email.map(({ name }) => name),
    requiredSecrets: config.secrets?.required ?? [],
    variables: {
      ...Object.fromEntries(fileVariables),
      ...(place === 'local' ? localVariables(directory, config) : environmentFile(directory, env)),
      ...givenSecrets(),
    },
    fileVariables: Object.keys(config.vars),
  };
}

/** Arguments by which wrangler finds the same Worker. */
export function wranglerTarget({ environment }: Target): string[] {
  return ['--config', CONFIG_FILE, '--env', environment ?? ''];
}

/** Arguments by which wrangler finds the same D1. */
export function databaseTarget(target: Target): string[] {
  return [...wranglerTarget(target), `--${target.place}`];
}

function readConfigFile(directory: string, env: string | undefined): Unstable_Config {
  const path = join(directory, CONFIG_FILE);
  if (!existsSync(path)) {
    throw new OperatorProblem(`There is no ${CONFIG_FILE} here. Run this in portal-link's folder.`);
  }
  if (env !== undefined && !hasEnvironment(path, env)) {
    throw new OperatorProblem(
      `${CONFIG_FILE} has no [env.${env}]. Add one after the model of [env.production], or leave --env out.`,
    );
  }
  try {
    return unstable_readConfig({ config: path, env: env ?? '' }, { hideWarnings: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw new OperatorProblem(`${CONFIG_FILE}: ${reason}`);
  }
}

function hasEnvironment(path: string, env: string): boolean {
  const { definedEnvironments } = unstable_readConfig(
    { config: path, env: '' },
    { hideWarnings: true },
  );
  return definedEnvironments?.includes(env) ?? false;
}

/** What `wrangler dev` gives the Worker, by the same rules. */
function localVariables(directory: string, config: Unstable_Config): Record<string, string> {
  const path = join(directory, CONFIG_FILE);
  const bindings = unstable_getVarsForDev(
    path,
    undefined,
    config.vars,
    undefined,
    true,
    config.secrets,
  );
  return Object.fromEntries(
    Object.entries(bindings).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** `.dev.vars.production` may keep an environment's secrets where operators want that. */
function environmentFile(directory: string, env: string | undefined): Record<string, string> {
  return pickSecrets(readVariables(join(directory, env ? `.dev.vars.${env}` : '.dev.vars')));
}

function givenSecrets(): Record<string, string> {
  return pickSecrets(process.env);
}

function pickSecrets(from: NodeJS.Dict<string>): Record<string, string> {
  const picked = SECRET_NAMES.map((name): [string, string] => [name, from[name] ?? '']);
  return Object.fromEntries(picked.filter(([, value]) => value !== ''));
}

/** The pairs of a file such as .dev.vars; none when there is no such file. */
export function readVariables(path: string): NodeJS.Dict<string> {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

/** Of what the file gives, the names that the Worker never reads. */
export function unknownVariables({ fileVariables }: Target): string[] {
  return fileVariables.filter((name) => !settingNames.includes(name));
}
