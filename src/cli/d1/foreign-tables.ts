import { existsSync } from 'node:fs';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { formatOf } from '../config-file/formats.ts';
import { OperatorProblem } from '../problem.ts';
import type { Shell } from '../shell.ts';
import { databaseTarget, type Target } from '../target.ts';
import { databaseNameOf } from './open.ts';
import { hasOtherMigrations, migrationsIn } from './own-migrations.ts';

// Of the first migration. No later one drops them.
const OUR_TABLES = ['cursors', 'customers', 'subscriptions'];
const SHOWN = 5;

type Tables =
  | { kind: 'ours' }
  /** They were made by another way than `wrangler d1 migrations apply`, or under another name. */
  | { kind: 'unnoted' }
  | { kind: 'foreign'; names: string[] };

/**
 * A wrong database_id leads to a database that an app lives on. Ours would not be asked for there:
 * its tables may have the names of that app's.
 *
 * @throws OperatorProblem if the D1 at Cloudflare has tables, and notes none of our migrations
 */
export async function refuseForeignTables(shell: Shell, target: Target): Promise<void> {
  const opened = await shell.openDatabase(shell, target);
  if (opened.kind === 'absent') return;
  try {
    const tables = await tablesIn(opened.database, target);
    if (tables.kind === 'ours') return;
    throw new OperatorProblem(
      `${tables.kind === 'unnoted' ? unnoted(target) : foreign(tables.names, target)} Nothing was changed.`,
    );
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    throw new OperatorProblem(`D1 cannot be read: ${error.message} Nothing was changed.`);
  } finally {
    await opened.close();
  }
}

/** Whose tables a database has. */
async function tablesIn(
  database: D1Database,
  { migrationsFolder: folder, migrationsTable }: Target,
): Promise<Tables> {
  const store = createOperatorStore(database, migrationsTable);
  const names = await store.tables();
  if (names.length === 0 || !existsSync(folder)) return { kind: 'ours' };
  const ours = new Set(migrationsIn(folder));
  const isNoted = (await store.appliedMigrations()).some(({ name }) => ours.has(name));
  const hasOurs = OUR_TABLES.every((name) => names.includes(name));
  // Names such as 0000_initial.sql are everybody's.
  if (isNoted && (hasOurs || hasOtherMigrations(folder))) return { kind: 'ours' };
  return hasOurs ? { kind: 'unnoted' } : { kind: 'foreign', names };
}

function foreign(names: string[], target: Target): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const name = databaseNameOf(target);
  const list = formatOf(target.configFile).listName('d1_databases');
  return (
    `The D1 database ${name} has tables that are not portal-link's (${names.slice(0, SHOWN).join(', ')}${more}), and none of portal-link's migrations. ` +
    `portal-link needs a database of its own: in ${list} of ${target.configFile}, give the binding DB another database_name, such as "${name}-billing", and no database_id. Setup then creates it.`
  );
}

/** Another database would lose who the customers are: operators' mappings are nowhere else. */
function unnoted(target: Target): string {
  const { configFile, migrationsTable } = target;
  const list = `npx wrangler d1 migrations list DB ${databaseTarget(target).filter(Boolean).join(' ')}`;
  return (
    `The D1 database ${databaseNameOf(target)} has portal-link's tables, but its table ${migrationsTable} notes none of portal-link's migrations. Keep this database. ` +
    `If another table notes them, name it as migrations_table of the binding DB in ${configFile}. If none does, \`${list}\` names the migrations that wrangler would apply again: add those that the tables already have to ${migrationsTable}, by their names.`
  );
}
