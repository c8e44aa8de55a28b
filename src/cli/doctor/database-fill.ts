import { customersPerRun, type FillState } from '../../customers/fill.ts';
import type { Overview } from '../../customers/stores/operator.ts';
import { configOf, type Mode } from '../settings.ts';
import { fillCommand } from '../target.ts';
import { ok, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

// The cron job runs every five minutes, so it has begun after three runs.
const PATIENCE_MILLISECONDS = 15 * 60_000;

/** Whether the first fill goes on as it should. `since`: when D1 got its last migration. */
export function judgeFill(
  { customers, mapped, unsynced }: Overview,
  fill: FillState | undefined,
  subject: Subject,
  mode: Mode,
  since: Date | undefined,
): Finding {
  const rows = `${customers} customers of ${mode} mode, ${mapped} of them with a subject`;
  switch (fill) {
    case 'complete':
      return ok(
        'database_fill',
        `${rows}; the first fill is complete, ${unsynced} wait for the cron job.`,
      );
    case 'running':
      return ok(
        'database_fill',
        `${rows}; the first fill is running${paceOf(subject)}. ${fillCommand(subject.target)} does the rest at once.`,
      );
    default:
      return beforeTheFill(rows, subject, since);
  }
}

const RUNS_PER_HOUR = 12;

/** How fast the cron job fills D1 at the Worker's budget. */
function paceOf(subject: Subject): string {
  const budget = configOf(subject, (key) => key === 'CRON_SUBREQUESTS')?.cronSubrequests;
  if (budget === undefined || subject.target.place === 'local') return '';
  const anHour = RUNS_PER_HOUR * customersPerRun(budget);
  return `, at least ${anHour.toLocaleString('en')} customers an hour with CRON_SUBREQUESTS = ${budget}`;
}

function beforeTheFill(rows: string, subject: Subject, since: Date | undefined): Finding {
  const { target, now } = subject;
  if (target.place === 'local') {
    return ok(
      'database_fill',
      `${rows}; \`wrangler dev\` runs no cron job, so the Worker searches Stripe for customers that D1 does not have.`,
    );
  }
  if (isRecent(since, now)) {
    return ok(
      'database_fill',
      `${rows}; the first fill begins within five minutes of the deploy${paceOf(subject)}.`,
    );
  }
  return warning(
    'database_fill',
    `${rows}; the first fill has not begun.`,
    'In Cloudflare’s dashboard, check the Worker’s cron trigger under Settings, and the log of its last run.',
  );
}

/** Whether that was within the time that the cron job has until its first run. */
export const isRecent = (since: Date | undefined, now: Date) =>
  since !== undefined && now.getTime() - since.getTime() < PATIENCE_MILLISECONDS;
