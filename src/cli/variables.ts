import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { unstable_getVarsForDev, type Unstable_Config } from 'wrangler';

/** Secrets that a command reads from its environment. */
export const SECRET_NAMES = [
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'AUTH_JWT_SECRET',
  'AUTH_CLIENT_SECRET',
  'AUTHJS_SECRET',
  'LINK_SECRET',
  'LINK_API_KEY',
  'TURNSTILE_SECRET_KEY',
];

/**
 * The file from which commands read this Worker's secrets. .dev.vars is for `wrangler dev` only:
 * its test keys must not reach the Worker at Cloudflare.
 */
export function secretsFileOf({
  place,
  environment,
}: {
  place: 'local' | 'remote';
  environment: string | undefined;
}): string {
  return place === 'local' ? '.dev.vars' : `.dev.vars.${environment ?? 'production'}`;
}

/** What `wrangler dev` gives the Worker, by wrangler's own rules. */
export function localVariables(
  configPath: string,
  { vars, secrets }: Unstable_Config,
): Record<string, string> {
  const bindings = unstable_getVarsForDev(configPath, undefined, vars, undefined, true, secrets);
  return Object.fromEntries(
    Object.entries(bindings).flatMap(([name, { value }]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** The secrets among these variables that have a value. */
export function pickSecrets(from: NodeJS.Dict<string>): Record<string, string> {
  const picked = SECRET_NAMES.map((name): [string, string] => [name, from[name] ?? '']);
  return Object.fromEntries(picked.filter(([, value]) => value !== ''));
}

/** The pairs of a file such as .dev.vars; none if there is no such file. */
export function readVariables(path: string): NodeJS.Dict<string> {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}
