import { existsSync, readdirSync } from 'node:fs';
import type { OperatorStore } from '../../customers/stores/operator.ts';
import { OperatorProblem } from '../problem.ts';

export type Migrations = { pending: string[]; lastAppliedAt: Date | undefined };

/**
 * Which migrations this D1 has not seen.
 *
 * @param folder  where they are: `migrations_dir` in the configuration
 * @throws BillingError `database_unavailable`
 */
export async function readMigrations(
  folder: string,
  store: Pick<OperatorStore, 'appliedMigrations'>,
): Promise<Migrations> {
  if (!existsSync(folder)) {
    throw new OperatorProblem(
      `There is no folder ${folder}, which the Wrangler configuration names as migrations_dir. Install the packages, or correct it.`,
    );
  }
  const applied = await store.appliedMigrations();
  const known = new Set(applied.map(({ name }) => name));
  const pending = readdirSync(folder).filter((name) => name.endsWith('.sql') && !known.has(name));
  return { pending: pending.toSorted(), lastAppliedAt: applied.at(-1)?.appliedAt };
}
