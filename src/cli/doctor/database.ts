import { fillState } from '../../customers/fill.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { readMigrations } from '../d1/migrations.ts';
import type { Mode } from '../settings.ts';
import { setupCommand } from '../target.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import type { Stores, Subject } from './subject.ts';

// The cron job runs every five minutes, so it has begun after three runs.
const PATIENCE_MILLISECONDS = 15 * 60_000;

/** Examines D1's tables, and how many customers of this mode it has. */
export async function examineDatabase(subject: Subject, mode: Mode): Promise<Finding[]> {
  const { database } = subject;
  if (database.kind === 'unbound') return unread('wrangler.toml has no D1 with the binding DB.');
  if (database.kind === 'closed') return failed(database.reason, subject);
  try {
    return await examineTables(database, subject, mode);
  } catch (error) {
    if (error instanceof BillingError) return failed(error.message, subject);
    throw error;
  }
}

async function examineTables(stores: Stores, subject: Subject, mode: Mode): Promise<Finding[]> {
  const { pending, lastAppliedAt } = await readMigrations(
    subject.target.directory,
    stores.operator,
  );
  if (pending.length > 0) {
    return [
      failure(
        'database_migrations',
        `Not applied: ${pending.join(', ')}.`,
        `Run ${setupCommand(subject.target)}, or \`npm run deploy\`.`,
      ),
      skipped('database_fill', 'The tables come first.'),
    ];
  }
  return [
    ok('database_migrations', 'All are applied.'),
    await examineRows(stores, subject, mode, lastAppliedAt),
  ];
}

function unread(found: string): Finding[] {
  return [skipped('database_migrations', found), skipped('database_fill', found)];
}

function failed(reason: string, { target }: Subject): Finding[] {
  return [
    failure('database_migrations', `D1 cannot be read: ${reason}`, `Run ${setupCommand(target)}.`),
    skipped('database_fill', 'D1 cannot be read.'),
  ];
}

async function examineRows(
  stores: Stores,
  subject: Subject,
  mode: Mode,
  since: Date | undefined,
): Promise<Finding> {
  const livemode = mode === 'live';
  const { customers, mapped, unsynced } = await stores.operator.overview(livemode);
  const rows = `${customers} customers of ${mode} mode, ${mapped} of them with a subject`;
  switch (fillState(await stores.cursors.read(livemode))) {
    case 'complete':
      return ok(
        'database_fill',
        `${rows}; the first fill is complete, ${unsynced} wait for the cron job.`,
      );
    case 'running':
      return ok('database_fill', `${rows}; the first fill is running.`);
    default:
      return beforeTheFill(rows, subject, since);
  }
}

function beforeTheFill(rows: string, { target, now }: Subject, since: Date | undefined): Finding {
  if (target.place === 'local') {
    return ok(
      'database_fill',
      `${rows}; \`wrangler dev\` runs no cron job, so the Worker searches Stripe for customers that D1 does not have.`,
    );
  }
  if (since && now.getTime() - since.getTime() < PATIENCE_MILLISECONDS) {
    return ok('database_fill', `${rows}; the first fill begins within five minutes of the deploy.`);
  }
  return warning(
    'database_fill',
    `${rows}; the first fill has not begun.`,
    'In Cloudflare’s dashboard, check the Worker’s cron trigger under Settings, and the log of its last run.',
  );
}
