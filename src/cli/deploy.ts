import { createDatabase, hasDatabase } from './d1/create.ts';
import { databaseNameOf } from './d1/open.ts';
import { refuseToSkipProduction } from './production.ts';
import { OperatorProblem } from './problem.ts';
import type { Shell } from './shell.ts';
import { databaseTarget, wranglerTarget, type Target } from './target.ts';

/**
 * Creates the database, applies its migrations, deploys the Worker: new code never meets an old
 * table.
 *
 * @param rest  further arguments for `wrangler deploy`
 * @throws OperatorProblem after wrangler has shown what is wrong
 */
export async function deploy(shell: Shell, target: Target, rest: readonly string[]): Promise<void> {
  refuseToSkipProduction(target);
  if (!(await hasDatabase(shell, target))) {
    await createDatabase(shell, target);
    shell.print(`Created the D1 database ${databaseNameOf(target)}.\n`);
  }
  await show(shell, ['d1', 'migrations', 'apply', 'DB', ...databaseTarget(target)]);
  await show(shell, ['deploy', ...wranglerTarget(target), ...rest]);
}

async function show({ showWrangler }: Shell, args: string[]): Promise<void> {
  if ((await showWrangler(args)) === 0) return;
  throw new OperatorProblem(
    `\`wrangler ${args.slice(0, 2).join(' ')}\` failed, see above. The steps after it were not run.`,
  );
}
