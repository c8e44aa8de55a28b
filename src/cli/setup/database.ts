import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { createDatabase, hasDatabase } from '../d1/create.ts';
import { readMigrations } from '../d1/migrations.ts';
import { databaseNameOf, withDatabase } from '../d1/open.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { databaseTarget, type Target } from '../target.ts';
import { succeeded } from '../wrangler.ts';
import type { Context } from './context.ts';

/** Creates D1 if it is missing and brings its tables up to date. Returns the number of changes. */
export async function settleDatabase({ shell, target, dialogue }: Context): Promise<number> {
  const name = databaseNameOf(target);
  let changes = 0;
  let isNew = false;
  if (!(await dialogue.working('Looking for D1', () => hasDatabase(shell, target)))) {
    changes += 1;
    if (!(await dialogue.decide(`Create the D1 database ${name}, with its tables`))) return changes;
    isNew = true;
    await dialogue.working(`Creating ${name}`, () => createDatabase(shell, target));
  }
  const pending = await dialogue.working('Reading its migrations', () => pendingIn(shell, target));
  if (pending.length === 0) return changes;
  if (isNew || (await dialogue.decide(`Apply to ${name}: ${pending.join(', ')}`))) {
    const apply = ['d1', 'migrations', 'apply', 'DB', ...databaseTarget(target)];
    const result = await dialogue.working('Applying migrations', () => shell.wrangler(apply));
    succeeded(result, 'The migrations were not applied');
  }
  return changes + 1;
}

async function pendingIn(shell: Shell, target: Target): Promise<string[]> {
  return withDatabase(shell, target, undefined, async (database) => {
    try {
      const store = createOperatorStore(database, target.migrationsTable);
      return (await readMigrations(target.migrationsFolder, store)).pending;
    } catch (error) {
      if (!(error instanceof BillingError)) throw error;
      throw new OperatorProblem(`D1 cannot be read: ${error.message}`);
    }
  });
}
