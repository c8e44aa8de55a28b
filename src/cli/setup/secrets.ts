import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isMarkedWithSecret } from '../portal/marks.ts';
import { OperatorProblem } from '../problem.ts';
import { problemsOf } from '../settings.ts';
import type { Shell } from '../shell.ts';
import type { Target } from '../target.ts';
import { pickSecrets, readVariables, secretsFileOf } from '../variables.ts';
import {
  hasSecret,
  localSecret,
  secretsPlace,
  storeSecret,
  type StripeContext,
  type Surroundings,
} from './context.ts';
import { KEY_NAME } from './given-key.ts';
import { oddityIn } from './oddity.ts';

/** Names of the secrets that were handed to this run: in the environment, or in a Worker's file. */
export function givenSecretsOf({ environment }: Shell, target: Target): string[] {
  const file =
    target.place === 'local' ? {} : readVariables(join(target.directory, secretsFileOf(target)));
  const given = { ...pickSecrets(file), ...pickSecrets(environment) };
  return Object.keys(given).filter((name) => name !== KEY_NAME);
}

// Others may hold spaces: operators make them up.
const isCopied = (name: string) => /^(?:STRIPE|TURNSTILE)_/.test(name);

/** @throws OperatorProblem if the Worker would refuse one of them, and with it every request */
export function checkSecrets({ target, deployed }: Surroundings, given: readonly string[]): void {
  const stored = deployed?.kind === 'seen' ? deployed.secrets : new Set<string>();
  for (const name of given.filter(isCopied)) {
    const oddity = oddityIn(name, target.variables[name] ?? '');
    if (oddity !== undefined) throw new OperatorProblem(`${name}: ${oddity}`);
  }
  const problems = problemsOf({ target, stored }, (name) => given.includes(name));
  if (problems.length === 0) return;
  throw new OperatorProblem(problems.map(({ key, remedy }) => `${key}: ${remedy}`).join('\n'));
}

/**
 * Stores the given secrets that the Worker lacks or has with another value, as after a rotation.
 * Returns the number of changes.
 */
export async function settleSecrets(context: StripeContext): Promise<number> {
  const { target, dialogue, givenSecrets } = context;
  const wanted = givenSecrets.filter((name) => !isStored(context, name));
  let changes = 0;
  for (const name of wanted) {
    changes += 1;
    const verb = hasSecret(context, name) ? 'Replace' : 'Store';
    const change = `${verb} ${name} in ${secretsPlace(target)}${consequence(verb, name)}`;
    if (!(await dialogue.decide(change))) continue;
    await storeSecret(context, name, target.variables[name] ?? '');
  }
  return changes + (await settleSeal(context));
}

/** Sessions of people who sign in at the provider are sealed with it. Nobody else needs it. */
async function settleSeal(context: StripeContext): Promise<number> {
  const { target, dialogue } = context;
  const { AUTH_CLIENT_ID, LINK_SECRET } = target.variables;
  if (!AUTH_CLIENT_ID || LINK_SECRET || hasSecret(context, 'LINK_SECRET')) return 0;
  if (await dialogue.decide(`Store a new LINK_SECRET in ${secretsPlace(target)}`)) {
    await storeSecret(context, 'LINK_SECRET', randomBytes(32).toString('base64'));
  }
  return 1;
}

/** Cloudflare never shows a secret, so setup marks those that it stored, at Stripe. */
function isStored(context: StripeContext, name: string): boolean {
  const { target, account, secretKey } = context;
  const value = target.variables[name] ?? '';
  if (target.place === 'local') return localSecret(target, name) === value;
  if (!hasSecret(context, name) || account.kind !== 'same') return false;
  return isMarkedWithSecret(account.configuration, name, value, secretKey);
}

const SIGNS = new Set(['LINK_SECRET', 'AUTH_JWT_SECRET']);

function consequence(verb: string, name: string): string {
  if (verb === 'Store' || !SIGNS.has(name)) return '';
  return '. What an earlier value has signed ends, unless the new one lists it, too';
}
