import { join } from 'node:path';
import { NO_WEBHOOK } from '../../config/config.ts';
import type { Stripe } from 'stripe';
import type { Dialogue } from '../dialogue.ts';
import type { PortalFile } from '../portal/file.ts';
import { setInConfigFile } from '../config-file/edit.ts';
import { formatOf } from '../config-file/formats.ts';
import { setLocalVariable } from '../dev-vars.ts';
import type { Mode } from '../settings.ts';
import type { Shell } from '../shell.ts';
import { wranglerTarget, type Target } from '../target.ts';
import { readVariables } from '../variables.ts';
import type { Deployed } from '../cloudflare/workers.ts';
import { succeeded } from '../wrangler.ts';
import type { Account } from './account.ts';

/** What each step of setup works with. */
export type Context = {
  target: Target;
  shell: Shell;
  dialogue: Dialogue;
  deployed: Deployed | undefined;
  portalFile: PortalFile | undefined;
  /** Where Stripe and visitors reach the Worker, if it is known. */
  url: URL | undefined;
  /** Secrets that this run has stored, by name. */
  stored: Map<string, string>;
};

/** What is known before the Worker's address is. */
export type Surroundings = Omit<Context, 'url'>;

/** A key that Stripe accepts, and what it shows of the Worker. */
export type Key = {
  secretKey: string;
  mode: Mode;
  /** Calls Stripe. What it refuses is thrown as a BillingError that says what to do. */
  callStripe: <T>(call: (stripe: Stripe) => Promise<T>) => Promise<T>;
  account: Account;
  /** Whether the Worker has this key already. */
  isStored: boolean;
  /** Whether the Worker’s secrets are known to be of this Stripe account and mode. */
  isSameAccount: boolean;
};

/** What the steps at Stripe work with in addition. */
export type StripeContext = Context &
  Key & {
    /** Names this Worker in the metadata of its webhook endpoint. */
    owner: string;
    /** Names of the secrets that the operator has handed to this run. */
    givenSecrets: readonly string[];
  };

/** Where this Worker's settings are, to show to the operator. */
export function settingsPlace(target: Target): string {
  if (target.place === 'local') return '.dev.vars';
  return `${formatOf(target.configFile).tableName(...settingsTable(target))} of ${target.configFile}`;
}

/** Sets a setting of this Worker only: what is tried out on this machine is not deployed. */
export function setSetting(target: Target, name: string, value: string): void {
  const { place, directory } = target;
  if (place === 'local') setLocalVariable(directory, name, value);
  else setInConfigFile(directory, settingsTable(target), name, value);
}

/** Where the configuration has the settings of this Worker, if it is deployed. */
export const settingsTable = ({ environment }: Pick<Target, 'environment'>) =>
  environment === undefined ? ['vars'] : ['env', environment, 'vars'];

/** Where this Worker's secrets are, to show to the operator. */
export const secretsPlace = ({ place, workerName }: Target) =>
  place === 'local' ? '.dev.vars' : `the secrets of ${workerName}`;

/** Whether the Worker already has this secret, here or at Cloudflare. */
export function hasSecret(
  { target, deployed }: Pick<Context, 'target' | 'deployed'>,
  name: string,
): boolean {
  if (target.place === 'local') return localSecret(target, name) !== '';
  return deployed?.kind === 'seen' && deployed.secrets.has(name);
}

/** The value in .dev.vars, or "". */
export function localSecret({ directory }: Target, name: string): string {
  const value = readVariables(join(directory, '.dev.vars'))[name] ?? '';
  return value === NO_WEBHOOK ? '' : value;
}

/**
 * Stores a secret where this Worker reads it: in .dev.vars for `wrangler dev`, or through
 * wrangler's standard input. Never on a command line, which other users of the machine can see.
 */
export async function storeSecret(
  { target, shell, stored }: Context,
  name: string,
  value: string,
): Promise<void> {
  stored.set(name, value);
  if (target.place === 'local') return setLocalVariable(target.directory, name, value);
  const result = await shell.wrangler(['secret', 'put', name, ...wranglerTarget(target)], value);
  succeeded(result, `${name} could not be stored`);
}
