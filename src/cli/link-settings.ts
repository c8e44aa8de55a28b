import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { unstable_readConfig as readConfig } from 'wrangler';
import { parseSecureUrl } from '../address.ts';

/** Something that whoever typed the command can mend. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type LinkSettings = { secrets: string[]; origin: string; allowedOrigins: string[] };

const SECRET_CHARACTERS = 32;
const UNITS = { m: 60, h: 3600, d: 86_400 } as const;

/** Reads what signing takes: the environment comes before .dev.vars, and that before wrangler.toml. */
export function linkSettings(
  givenOrigin: string | undefined,
  environment: string | undefined,
): LinkSettings {
  const devVars = existsSync('.dev.vars') ? parseEnv(readFileSync('.dev.vars', 'utf8')) : {};
  const { vars } = readConfig({ ...(environment !== undefined && { env: environment }) });
  const setting = (name: string) =>
    [process.env[name], devVars[name], vars[name]].find(
      (value) => typeof value === 'string' && value !== '',
    );
  const origin = givenOrigin ?? setting('PUBLIC_ORIGIN');
  if (origin === undefined) {
    throw new UsageError('Say where the Worker answers: --origin https://example.com');
  }
  if (parseSecureUrl(origin)?.origin !== origin) {
    throw new UsageError(
      'The origin must be https (http on a loopback host), without a path: https://example.com',
    );
  }
  return {
    secrets: listed(setting('LINK_SECRET')).map(checkedSecret),
    origin,
    allowedOrigins: listed(setting('ALLOWED_ORIGINS')),
  };
}

function listed(value: unknown): string[] {
  return typeof value === 'string' ? value.split(',').map((part) => part.trim()) : [];
}

function checkedSecret(secret: string): string {
  if (secret.length >= SECRET_CHARACTERS) return secret;
  throw new UsageError('LINK_SECRET: use at least 32 characters for each key.');
}

/** 30m, 12h or 7d in seconds. */
export function secondsIn(duration: string): number {
  const { count, unit } = /^(?<count>\d{1,6})(?<unit>[mhd])$/.exec(duration)?.groups ?? {};
  if (unit === 'm' || unit === 'h' || unit === 'd') return Number(count) * UNITS[unit];
  throw new UsageError('--expires: write a number with m, h or d, such as 12h or 7d.');
}
