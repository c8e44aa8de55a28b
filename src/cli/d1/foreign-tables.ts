import { existsSync } from 'node:fs';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { formatOf } from '../config-file/formats.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import type { Target } from '../target.ts';
import { databaseNameOf } from './open.ts';
import { hasOtherMigrations, migrationsIn } from './own-migrations.ts';

// Of the first migration. No later one drops them.
const OUR_TABLES = ['cursors', 'customers', 'subscriptions'];
const SHOWN = 5;

/**
 * A wrong database_id leads to a database that an app lives on. Ours would not be asked for there:
 * its tables may have the names of that app's.
 *
 * @throws OperatorProblem if the D1 at Cloudflare has tables, and none of our migrations
 */
export async function refuseForeignTables(shell: Shell, target: Target): Promise<void> {
  const opened = await shell.openDatabase(shell, target);
  if (opened.kind === 'absent') return;
  try {
    const tables = await foreignTables(opened.database, target.migrationsFolder);
    if (tables.length === 0) return;
    const more = tables.length > SHOWN ? ` and ${tables.length - SHOWN} more` : '';
    const name = databaseNameOf(target);
    const list = formatOf(target.configFile).listName('d1_databases');
    throw new OperatorProblem(
      `The D1 database ${name} has tables that are not portal-link's (${tables.slice(0, SHOWN).join(', ')}${more}), and none of portal-link's migrations. ` +
        `portal-link needs a database of its own: in ${list} of ${target.configFile}, give the binding DB another database_name, such as "${name}-billing", and no database_id. Setup then creates it. Nothing was changed.`,
    );
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    throw new OperatorProblem(`D1 cannot be read: ${error.message} Nothing was changed.`);
  } finally {
    await opened.close();
  }
}

/** The tables of a database that is somebody else's. */
async function foreignTables(database: D1Database, folder: string): Promise<string[]> {
  const store = createOperatorStore(database);
  const tables = await store.tables();
  if (tables.length === 0 || !existsSync(folder)) return [];
  const ours = new Set(migrationsIn(folder));
  const isKnown = (await store.appliedMigrations()).some(({ name }) => ours.has(name));
  // Names such as 0000_initial.sql are everybody's.
  const isOurs = hasOtherMigrations(folder) || OUR_TABLES.every((name) => tables.includes(name));
  return isKnown && isOurs ? [] : tables;
}
