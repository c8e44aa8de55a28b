import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isPackage } from '../../commands.ts';
import { OperatorProblem } from '../problem.ts';

const OURS = join(import.meta.dirname, isPackage ? '../../migrations' : '../../../migrations');
const INSTALLED = /(?:^|[\\/])node_modules[\\/]portal-link[\\/]migrations[\\/]?$/;

/** What migrations_dir in the configuration should say. */
export const MIGRATIONS = isPackage ? 'node_modules/portal-link/migrations' : 'migrations';

/**
 * Whether the migrations in a folder make portal-link's tables. A file of the same name does not
 * say so: Drizzle begins everybody's names with 0000, and many apps have a table `subscriptions`.
 *
 * @param folder  as the package's it counts before it is installed
 */
export function hasOurMigrations(folder: string): boolean {
  if (INSTALLED.test(folder)) return true;
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return false;
  const [first = ''] = migrationsIn(OURS);
  const ours = textOf(OURS, first);
  return migrationsIn(folder).some((name) => textOf(folder, name) === ours);
}

/** Why a database with other migrations is not touched, and what to do. */
export const foreignDatabase = (folder: string) => ({
  found: `The database bound as DB is not portal-link's: ${folder} has none of its migrations.`,
  next: `portal-link needs a database of its own as DB, with migrations_dir "${MIGRATIONS}". Bind yours by another name, such as APP_DB.`,
});

/**
 * @throws OperatorProblem if migrations of another app would be applied
 */
export function refuseForeignDatabase(target: {
  databaseName: string | undefined;
  migrationsFolder: string;
}): void {
  const { databaseName, migrationsFolder } = target;
  if (databaseName === undefined || !existsSync(migrationsFolder)) return;
  if (hasOurMigrations(migrationsFolder)) return;
  const { found, next } = foreignDatabase(migrationsFolder);
  throw new OperatorProblem(`${found} ${next} Nothing was changed.`);
}

/** Whether a folder has migrations of another app beside ours: then its database is shared on purpose. */
export function hasOtherMigrations(folder: string): boolean {
  const ours = new Set(migrationsIn(OURS).map((name) => textOf(OURS, name)));
  return migrationsIn(folder).some((name) => !ours.has(textOf(folder, name)));
}

export const migrationsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();

const textOf = (folder: string, name: string) =>
  readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
