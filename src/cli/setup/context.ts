import { join } from 'node:path';
import type { Stripe } from 'stripe';
import type { Dialogue } from '../dialogue.ts';
import type { Deployed } from '../doctor/cloudflare.ts';
import type { PortalFile } from '../portal/file.ts';
import { setLocalVariable } from '../files.ts';
import { OperatorProblem } from '../problem.ts';
import { readVariables, wranglerTarget, type Target } from '../target.ts';
import { complaint, type Wrangler, type WranglerResult } from '../wrangler.ts';
import type { Account } from './account.ts';

/** What each step of setup works with. */
export type Context = {
  target: Target;
  wrangler: Wrangler;
  dialogue: Dialogue;
  deployed: Deployed | undefined;
  portalFile: PortalFile | undefined;
  /** Where Stripe and visitors reach the Worker, if that is known. */
  url: URL | undefined;
};

/** What the steps at Stripe work with besides. */
export type StripeContext = Context & {
  stripe: Stripe;
  mode: 'live' | 'test';
  account: Account;
  /** Whether what the Worker has of Stripe’s is known to be of this account and mode. */
  isSameAccount: boolean;
  /** The key, if this run has stored it. */
  storedKey: string | undefined;
};

/** The table of wrangler.toml that holds this Worker's settings. */
export const variablesTable = ({ environment }: Target) =>
  environment === undefined ? 'vars' : `env.${environment}.vars`;

/** Whether the Worker has this secret already, here or at Cloudflare. */
export function hasSecret({ target, deployed }: Context, name: string): boolean {
  if (target.place === 'local') return localSecret(target, name) !== '';
  return deployed?.kind === 'seen' && deployed.secrets.has(name);
}

/** What .dev.vars has for this name; nothing is "". */
export function localSecret({ directory }: Target, name: string): string {
  return readVariables(join(directory, '.dev.vars'))[name] ?? '';
}

/**
 * Stores a secret where this Worker reads it: by way of wrangler's standard input, or in
 * .dev.vars for `wrangler dev`. It is never part of a command line, which others can see.
 */
export async function storeSecret(
  { target, wrangler }: Context,
  name: string,
  value: string,
): Promise<void> {
  if (target.place === 'local') return setLocalVariable(target.directory, name, value);
  const result = await wrangler(['secret', 'put', name, ...wranglerTarget(target)], value);
  must(result, `${name} could not be stored`);
}

/** @throws OperatorProblem with wrangler's complaint when the command failed */
export function must(result: WranglerResult, otherwise: string): WranglerResult {
  if (result.status === 0) return result;
  throw new OperatorProblem(`${otherwise}: ${complaint(result)}`);
}
