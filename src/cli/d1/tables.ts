import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { setupCommand, type Target } from '../target.ts';
import { readMigrations } from './migrations.ts';
import { withDatabase } from './open.ts';

/**
 * Runs `work` on the D1 of this Worker, if it has all its tables.
 *
 * @throws OperatorProblem, also for what D1 says
 */
export async function onTables<T>(
  shell: Shell,
  target: Target,
  folder: string | undefined,
  work: (database: D1Database) => Promise<T>,
): Promise<T> {
  return withDatabase(shell, target, folder, async (database) => {
    try {
      const { pending } = await readMigrations(
        target.migrationsFolder,
        createOperatorStore(database, target.migrationsTable),
      );
      if (pending.length === 0) return await work(database);
      throw new OperatorProblem(
        `D1 lacks tables: ${pending.join(', ')} are not applied. Run ${setupCommand(target)}.`,
      );
    } catch (error) {
      if (!(error instanceof BillingError) || error.code !== 'database_unavailable') throw error;
      throw new OperatorProblem(`D1 cannot be used: ${error.message}`);
    }
  });
}
