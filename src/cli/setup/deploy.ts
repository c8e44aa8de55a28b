import { deployQuietly } from '../deploy.ts';
import { buildAndDeploy, frameworkBuild } from '../app/framework-build.ts';
import { hasFrameworkBuild } from '../app/framework-output.ts';
import { readTarget } from '../target.ts';
import { isCurrent } from '../worker.ts';
import type { Context, StripeContext } from './context.ts';
import { lackingOfApp, thenDeploy } from './environment.ts';
import type { SetupOptions } from './options.ts';
import { retirePortals } from './retire.ts';

export type Deployment =
  | { kind: 'not_needed' | 'done' | 'declined' }
  /** Something has to be done by hand first. `next` says what, with the deploy that follows. */
  | { kind: 'awaits'; next: string };

/**
 * Settings are part of the deployed code, so every change needs a deploy.
 *
 * @param isNew  whether this run has added the environment. One that was there may lack something on
 *               purpose
 */
export async function settleDeploy(
  { shell, target, url, dialogue }: Context,
  options: SetupOptions,
  { changes, isNew }: { changes: number; isNew: boolean },
): Promise<Deployment> {
  if (target.place === 'local') return { kind: 'not_needed' };
  if (changes === 0 && (!url || (await isCurrent(url, shell.fetch)))) return { kind: 'not_needed' };
  const lacking = lackingOfApp(target, options.env);
  if (lacking !== undefined) {
    if (isNew) return { kind: 'awaits', next: thenDeploy(lacking, options.env) };
    dialogue.say(lacking);
  }
  if (options.dryRun && hasFrameworkBuild(shell.directory)) {
    return { kind: 'awaits', next: buildAndDeploy(options.env) };
  }
  // With the settings that the steps before have written. A dry run may lack the environment.
  const readNow = () => readTarget(shell.directory, shell.environment, options);
  const build = options.dryRun ? undefined : frameworkBuild(readNow());
  if (build?.kind === 'unusable') {
    return { kind: 'awaits', next: `${build.problem} ${build.next}` };
  }
  if (!(await dialogue.decide(`Deploy the Worker ${target.workerName}`))) {
    return { kind: 'declined' };
  }
  const now = readNow();
  await dialogue.working(`Deploying ${target.workerName}`, async () => deployQuietly(shell, now));
  return { kind: 'done' };
}

/** Deactivates portals that portal.toml no longer has. Returns the number of changes. */
export async function retire(context: StripeContext, options: SetupOptions): Promise<number> {
  const { directory, environment } = context.shell;
  const { yes = false, dryRun = false } = options;
  const now = dryRun ? undefined : readTarget(directory, environment, options);
  return retirePortals(context, { isUnattended: yes && !dryRun, now });
}
