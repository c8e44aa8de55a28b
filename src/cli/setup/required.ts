import { command } from '../../commands.ts';
import { setInConfigFile } from '../config-file/edit.ts';
import { formatOf } from '../config-file/formats.ts';
import type { Target } from '../target.ts';
import { SECRET_NAMES } from '../variables.ts';
import { hasSecret, type StripeContext } from './context.ts';
import { KEY_NAME } from './given-key.ts';
import { WEBHOOK_SECRET } from './webhook-plan.ts';

/**
 * Makes `secrets.required` of the configuration say which secrets this Worker has: a deploy without one
 * of them is refused, `wrangler dev` reads no others from .dev.vars, and `doctor --static` knows no
 * others. Returns the number of changes.
 */
export async function settleRequired(context: StripeContext): Promise<number> {
  const { target, dialogue, stored } = context;
  const { unnamed, unneeded } = requiredChanges(context, [...stored.keys()]);
  const place = `${formatOf(target.configFile).tableName(...secretsTable(target))} required of ${target.configFile}`;
  let required = target.requiredSecrets;
  const write = async (change: string, wanted: string[]) => {
    if (!(await dialogue.decide(change))) return;
    required = wanted;
    setInConfigFile(target.directory, secretsTable(target), 'required', wanted);
  };
  if (unnamed.length > 0) {
    const change = `Name ${unnamed.join(' and ')} in ${place}: ${whyNamed(target)}`;
    await write(change, [...required, ...unnamed]);
  }
  if (unneeded.length > 0) {
    const change = `Take ${unneeded.join(' and ')} out of ${place}: this Worker has no such secret and needs none, so its deploy would be refused. \`wrangler dev\` then passes over it in .dev.vars`;
    await write(
      change,
      required.filter((name) => !unneeded.includes(name)),
    );
  }
  return Math.sign(unnamed.length) + Math.sign(unneeded.length);
}

const whyNamed = ({ place }: Target) =>
  place === 'local'
    ? `\`wrangler dev\` reads no others from .dev.vars. A deploy without it is then refused; if the deployed Worker needs none, \`${command('setup', '--remote')}\` takes it out`
    : 'a deploy without it is then refused';

/**
 * What `required` lacks, and what it has in vain.
 *
 * @param stored  names of secrets that this run has stored, or will
 */
export function requiredChanges(context: StripeContext, stored: readonly string[]) {
  const { target, givenSecrets, deployed } = context;
  const named = target.requiredSecrets;
  const isLocal = target.place === 'local';
  const isThere = (name: string) => stored.includes(name) || (!isLocal && hasSecret(context, name));
  const awaited = [KEY_NAME, WEBHOOK_SECRET, ...givenSecrets];
  if (target.variables['AUTH_CLIENT_ID']) awaited.push('LINK_SECRET');
  const isInVain = (name: string) =>
    SECRET_NAMES.includes(name) && !awaited.includes(name) && !isThere(name);
  const isKnown = !isLocal && deployed?.kind !== 'unseen';
  return {
    // A list that begins with ours would hide the secrets of an app around us from `wrangler dev`.
    unnamed: target.listsSecrets
      ? SECRET_NAMES.filter((name) => !named.includes(name) && isThere(name))
      : [],
    unneeded: isKnown ? named.filter(isInVain) : [],
  };
}

/** Where the configuration lists this Worker's secrets. */
export const secretsTable = ({ environment }: Pick<Target, 'environment'>) =>
  environment === undefined ? ['secrets'] : ['env', environment, 'secrets'];
