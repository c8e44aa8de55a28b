import { setInConfigFile } from '../files.ts';
import { CONFIG_FILE } from '../target.ts';
import type { Context } from './context.ts';

/**
 * Names the secrets that this run has stored in wrangler.toml: a deploy without one of them is then
 * refused, and `wrangler dev` reads no others from .dev.vars. Returns the number of changes.
 */
export async function settleRequired({ target, dialogue, stored }: Context): Promise<0 | 1> {
  const { requiredSecrets, directory, environment } = target;
  const unnamed = [...stored.keys()].filter((name) => !requiredSecrets.includes(name));
  if (unnamed.length === 0) return 0;
  const table = environment === undefined ? 'secrets' : `env.${environment}.secrets`;
  const change = `Name ${unnamed.join(' and ')} in [${table}] required of ${CONFIG_FILE}`;
  if (await dialogue.decide(change)) {
    setInConfigFile(directory, table, 'required', [...requiredSecrets, ...unnamed]);
  }
  return 1;
}
