import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { OperatorStore } from '../../customers/stores/operator.ts';

export type Migrations = { pending: string[]; lastAppliedAt: Date | undefined };

/**
 * Which files of `migrations/` this D1 has not seen.
 *
 * @throws BillingError `database_unavailable`
 */
export async function readMigrations(
  directory: string,
  store: Pick<OperatorStore, 'appliedMigrations'>,
): Promise<Migrations> {
  const names = readdirSync(join(directory, 'migrations'));
  const applied = await store.appliedMigrations();
  const known = new Set(applied.map(({ name }) => name));
  const pending = names.filter((name) => name.endsWith('.sql') && !known.has(name));
  return { pending: pending.toSorted(), lastAppliedAt: applied.at(-1)?.appliedAt };
}
