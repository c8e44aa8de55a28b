import type { Shell } from '../shell.ts';
import { wranglerTarget, type Target } from '../target.ts';
import { succeeded } from '../wrangler.ts';
import { databaseNameOf } from './open.ts';

/** @throws OperatorProblem if Cloudflare cannot be asked */
export async function hasDatabase(shell: Shell, target: Target): Promise<boolean> {
  // The local D1 is created when it is opened.
  if (target.place === 'local') return true;
  const opened = await shell.openDatabase(shell, target);
  if (opened.kind === 'absent') return false;
  await opened.close();
  return true;
}

/** @throws OperatorProblem with wrangler's reason */
export async function createDatabase({ wrangler }: Shell, target: Target): Promise<void> {
  const name = databaseNameOf(target);
  const result = await wrangler(['d1', 'create', name, ...wranglerTarget(target)]);
  succeeded(result, `The D1 database ${name} was not created`);
}
