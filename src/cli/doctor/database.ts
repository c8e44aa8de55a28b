import { command } from '../../commands.ts';
import { fillState } from '../../customers/fill.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { readMigrations } from '../d1/migrations.ts';
import { foreignDatabase, hasOurMigrations } from '../d1/own-migrations.ts';
import type { Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { isRecent, judgeFill } from './database-fill.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { examineMapping } from './mapping-share.ts';
import type { Stores, Subject } from './subject.ts';

const OF_ROWS = ['database_fill', 'database_mapping', 'database_conflicts'] as const;

// The first of many are enough to see what they have in common.
const MOST_NAMED = 5;

/** Examines D1's tables, and how many customers of this mode it has. */
export async function examineDatabase(subject: Subject, mode: Mode): Promise<Finding[]> {
  const { database } = subject;
  if (database.kind === 'unbound')
    return unread(`${subject.target.configFile} has no D1 with the binding DB.`);
  if (database.kind === 'closed') return failed(database.reason, subject);
  try {
    return await examineTables(database, subject, mode);
  } catch (error) {
    if (error instanceof BillingError) return failed(error.message, subject);
    throw error;
  }
}

async function examineTables(stores: Stores, subject: Subject, mode: Mode): Promise<Finding[]> {
  const folder = subject.target.migrationsFolder;
  const { pending, lastAppliedAt } = await readMigrations(folder, stores.operator);
  if (!hasOurMigrations(folder)) {
    const { found, next } = foreignDatabase(folder);
    return [
      failure('database_migrations', found, next),
      ...OF_ROWS.map((check) => skipped(check, 'A database of its own comes first.')),
    ];
  }
  if (pending.length > 0) {
    return [
      failure(
        'database_migrations',
        `Not applied: ${pending.join(', ')}.`,
        `Run ${setupCommand(subject.target)}, or \`${command('deploy')}\`.`,
      ),
      ...OF_ROWS.map((check) => skipped(check, 'The tables come first.')),
    ];
  }
  return [
    ok('database_migrations', 'All are applied.'),
    ...(await examineRows(stores, subject, mode, lastAppliedAt)),
  ];
}

function unread(found: string): Finding[] {
  return ['database_migrations' as const, ...OF_ROWS].map((check) => skipped(check, found));
}

function failed(reason: string, { target }: Subject): Finding[] {
  return [
    failure('database_migrations', `D1 cannot be read: ${reason}`, `Run ${setupCommand(target)}.`),
    ...OF_ROWS.map((check) => skipped(check, 'D1 cannot be read.')),
  ];
}

async function examineRows(
  stores: Stores,
  subject: Subject,
  mode: Mode,
  since: Date | undefined,
): Promise<Finding[]> {
  const livemode = mode === 'live';
  const overview = await stores.operator.overview(livemode);
  const fill = fillState(await stores.cursors.read(livemode));
  return [
    judgeFill(overview, fill, subject, mode, since),
    await examineMapping(stores, subject, mode),
    overview.conflicts === 0
      ? ok('database_conflicts', 'No subscriptions of one customer name two subjects.')
      : conflicting(overview.conflicts, await stores.operator.conflicts(livemode, MOST_NAMED)),
  ];
}

function conflicting(count: number, ids: string[]): Finding {
  const more = count > ids.length ? ' and others' : '';
  return warning(
    'database_conflicts',
    `Subscriptions of ${count} customers name several subjects: ${ids.join(', ')}${more}.`,
    `Write the right subject into the metadata of the customer at Stripe, or run \`${command('customer', 'cus_… --map SUBJECT')}\`.`,
  );
}

/** Whether D1 got a migration within the last 15 minutes; false if D1 does not say. */
export async function isNewlyMade({ database, target, now }: Subject): Promise<boolean> {
  if (database.kind !== 'open') return false;
  try {
    const { lastAppliedAt } = await readMigrations(target.directory, database.operator);
    return isRecent(lastAppliedAt, now);
  } catch (error) {
    if (error instanceof BillingError) return false;
    throw error;
  }
}
