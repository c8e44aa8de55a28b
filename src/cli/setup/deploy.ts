import { deployQuietly } from '../deploy.ts';
import { readTarget } from '../target.ts';
import { isCurrent } from '../worker.ts';
import type { Context, StripeContext } from './context.ts';
import type { SetupOptions } from './options.ts';
import { retirePortals } from './retire.ts';

/** Settings are part of the deployed code, so every change needs a deploy. */
export async function settleDeploy(
  { shell, target, url, dialogue }: Context,
  options: SetupOptions,
  changes: number,
): Promise<'not_needed' | 'done' | 'declined'> {
  if (target.place === 'local') return 'not_needed';
  if (changes === 0 && (!url || (await isCurrent(url, shell.fetch)))) return 'not_needed';
  if (!(await dialogue.decide(`Deploy the Worker ${target.workerName}`))) return 'declined';
  // With the settings that the steps before have written.
  const now = readTarget(shell.directory, shell.environment, options);
  await dialogue.working(`Deploying ${target.workerName}`, async () => deployQuietly(shell, now));
  return 'done';
}

/** Deactivates portals that portal.toml no longer has. Returns the number of changes. */
export async function retire(context: StripeContext, options: SetupOptions): Promise<number> {
  const { directory, environment } = context.shell;
  const { yes = false, dryRun = false } = options;
  const now = dryRun ? undefined : readTarget(directory, environment, options);
  return retirePortals(context, { isUnattended: yes && !dryRun, now });
}
