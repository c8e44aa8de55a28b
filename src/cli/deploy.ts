import { ensureDatabase } from './setup/database.ts';
import { OperatorProblem } from './problem.ts';
import { databaseTarget, wranglerTarget, type Target } from './target.ts';
import { createWrangler, showWrangler } from './wrangler.ts';

/**
 * The database, then its migrations, then the Worker: the new code never meets an old table.
 *
 * @param rest  further arguments for `wrangler deploy`
 * @throws OperatorProblem after wrangler has said on the screen what is wrong
 */
export async function deploy(target: Target, rest: readonly string[]): Promise<void> {
  const { directory } = target;
  if ((await ensureDatabase(target, createWrangler(directory))) === 'created') {
    process.stdout.write(`Created the D1 database ${target.databaseName}.\n`);
  }
  await show(directory, ['d1', 'migrations', 'apply', 'DB', ...databaseTarget(target)]);
  await show(directory, ['deploy', ...wranglerTarget(target), ...rest]);
}

async function show(directory: string, args: string[]): Promise<void> {
  const status = await showWrangler(directory, args);
  if (status === 0) return;
  throw new OperatorProblem(
    `\`wrangler ${args.slice(0, 2).join(' ')}\` failed; see above. Nothing after it was done.`,
  );
}
