import * as v from 'valibot';
import { fillState } from '../../customers/fill.ts';
import { operatorSql } from '../operator-sql.ts';
import { queryD1, readMigrations } from '../d1.ts';
import { setupFor } from './cloudflare.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

// The cron job runs every five minutes; after three of them it should have begun.
const PATIENCE_MILLISECONDS = 15 * 60_000;

const overview = v.object({
  customers: v.number(),
  mapped: v.number(),
  unsynced: v.number(),
  cursors: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())),
});

/** Examines D1's tables, and how far it knows the customers of this mode. */
export async function examineDatabase(subject: Subject, mode: 'live' | 'test'): Promise<Finding[]> {
  const { target, wrangler } = subject;
  if (target.databaseName === undefined) return unread('wrangler.toml binds no D1 as DB.');
  const migrations = await readMigrations(target, wrangler);
  if (migrations.kind === 'failed') {
    return [
      failure(
        'database_migrations',
        `D1 cannot be read: ${migrations.reason}`,
        `Run ${setupFor(target)}.`,
      ),
      skipped('database_fill', 'There is nothing to look at.'),
    ];
  }
  const { pending, lastAppliedAt } = migrations;
  if (pending.length > 0) {
    return [
      failure(
        'database_migrations',
        `Not applied: ${pending.join(', ')}.`,
        `Run ${setupFor(target)}, or \`npm run deploy\`.`,
      ),
      skipped('database_fill', 'The tables come first.'),
    ];
  }
  const answer = await queryD1(target, wrangler, operatorSql.overview(mode === 'live'), overview);
  return [
    ok('database_migrations', 'All are applied.'),
    answer.kind === 'rows'
      ? examineRows(answer.rows[0], subject, mode, lastAppliedAt)
      : failure(
          'database_fill',
          `D1 cannot be read: ${answer.reason}`,
          'Look at the database in Cloudflare’s dashboard.',
        ),
  ];
}

function unread(found: string): Finding[] {
  return [skipped('database_migrations', found), skipped('database_fill', found)];
}

function examineRows(
  row: v.InferOutput<typeof overview> | undefined,
  subject: Subject,
  mode: 'live' | 'test',
  since: Date | undefined,
): Finding {
  const { customers = 0, mapped = 0, unsynced = 0, cursors = {} } = row ?? {};
  const rows = `${customers} customers of ${mode} mode, ${mapped} of them with a subject`;
  switch (fillState(new Map(Object.entries(cursors)))) {
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
      `${rows}; \`wrangler dev\` runs no cron job by itself, and whom D1 does not know is searched for at Stripe.`,
    );
  }
  if (since && now.getTime() - since.getTime() < PATIENCE_MILLISECONDS) {
    return ok('database_fill', `${rows}; the first fill begins within five minutes of the deploy.`);
  }
  return warning(
    'database_fill',
    `${rows}; the first fill has not begun.`,
    'See in Cloudflare’s dashboard, under the Worker’s settings, whether its cron trigger is there and what its last run logged.',
  );
}
