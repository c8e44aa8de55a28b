import { command, page, SOURCE } from '../../commands.ts';
import { isLoopback } from '../../config/secure-url.ts';
import { LATE_SECONDS } from '../../customers/health.ts';
import { VERSION } from '../../version.ts';
import type { Mode } from '../settings.ts';
import { fillCommand, setupCommand, type Target } from '../target.ts';
import { isNewer } from '../version-range.ts';
import type { Health } from '../worker.ts';
import { ok, skipped, warning, type Finding } from './finding.ts';
import type { HealthCheck } from './health-checks.ts';

/** What is compared with what the Worker says. */
type Here = {
  target: Target;
  mode: Mode;
  url: URL;
  now: Date;
  /** The Worker was made a moment ago: its cron job need not have run yet. */
  isNew: boolean;
};

/** Judges what /healthz says; undefined if something else answers there, or nothing. */
export function judgeHealth(health: Health | undefined, here: Here): Finding[] {
  if (!health) {
    const reason = '/healthz is not there to be read.';
    return [skipped('deployment_version', reason), ...skipOthers(reason)];
  }
  const version = judgeVersion(health.version, here.target);
  if (health.status === 'unavailable')
    return [version, ...skipOthers('What is wrong comes first.')];
  if (health.version === undefined) return [version, ...skipOthers('It is too old to say.')];
  return [
    version,
    judgeMode(health, here),
    judgeCron(health, here),
    judgeBacklog(health),
    judgeFill(health, here),
  ];
}

const OTHERS: HealthCheck[] = [
  'deployment_mode',
  'deployment_cron',
  'deployment_backlog',
  'deployment_fill',
];
const skipOthers = (reason: string) => OTHERS.map((check) => skipped(check, reason));

function judgeVersion(version: string | undefined, target: Target): Finding {
  if (version === VERSION) return ok('deployment_version', `${VERSION}, that of this ${SOURCE}.`);
  const deployed = version ?? 'One before 0.2.0';
  const { environment } = target;
  const deploy = command('deploy', environment === undefined ? '' : `--env ${environment}`);
  return version === undefined || !isNewer(version, VERSION)
    ? warning(
        'deployment_version',
        `${deployed}, older than this ${SOURCE} (${VERSION}).`,
        `Read ${page('.github/RELEASES.md')} from ${version ?? 'its end'} on, then run \`${deploy}\`.`,
      )
    : warning(
        'deployment_version',
        `${deployed}, newer than this ${SOURCE} (${VERSION}).`,
        'Pull the newer code before you run setup or deploy: they would take the Worker back.',
      );
}

function judgeMode({ mode }: Health, { target, mode: ours }: Here): Finding {
  if (target.variables['STRIPE_SECRET_KEY'] === undefined) {
    return skipped('deployment_mode', `${mode}. There is no key here to compare it with.`);
  }
  if (mode === ours) return ok('deployment_mode', `${mode}, that of the key here.`);
  const next =
    target.place === 'local'
      ? 'Add `--remote`, and give doctor the key of the deployed Worker; or correct --url.'
      : `Give doctor the key that the Worker has; or store the right one by ${setupCommand(target)}.`;
  return warning(
    'deployment_mode',
    `The Worker’s key is a ${mode} key; the one here is not.`,
    next,
  );
}

function judgeCron({ last_run: last, status }: Health, { now, url, isNew }: Here): Finding {
  if (isLoopback(url.hostname)) {
    return skipped('deployment_cron', '`wrangler dev` runs no cron job by itself.');
  }
  if (!last && isNew) {
    return ok('deployment_cron', 'Its first run is within five minutes of the deploy.');
  }
  const minutes = last ? Math.round((now.getTime() - Date.parse(last)) / 60_000) : undefined;
  if (status === 'ok') return ok('deployment_cron', `Its last run was ${minutes} minutes ago.`);
  return warning(
    'deployment_cron',
    minutes === undefined ? 'It has not run yet.' : `Its last run was ${minutes} minutes ago.`,
    'It runs every five minutes. In Cloudflare’s dashboard, look at the Worker’s cron trigger, and in its logs for `reconcile_failed`.',
  );
}

function judgeBacklog({ backlog }: Health): Finding {
  if (!backlog) return skipped('deployment_backlog', 'The cron job counts it.');
  const { customers, failing, seconds } = backlog;
  const waiting = `${customers} customers wait, ${failing} of them after attempts that failed`;
  if (seconds > LATE_SECONDS) {
    return warning(
      'deployment_backlog',
      `${waiting}; the longest wait is ${Math.round(seconds / 60)} minutes.`,
      'See `webhook_deliveries` above. After a bulk change, raise CRON_SUBREQUESTS if your plan allows it.',
    );
  }
  if (failing > 0) {
    return warning(
      'deployment_backlog',
      `${waiting}.`,
      'Look for `sync_failed` in the Worker’s logs: it names the customers and the reason.',
    );
  }
  return ok('deployment_backlog', customers === 0 ? 'Nobody waits.' : `${waiting}.`);
}

function judgeFill(
  { first_fill: fill, first_fill_lists: lists }: Health,
  { target, isNew }: Here,
): Finding {
  if (fill === 'complete') return ok('deployment_fill', 'It is complete.');
  if (fill === 'running') {
    const states = Object.entries(lists ?? {}).map(([list, state]) => `${list} ${state}`);
    const found = `It is running (${states.join(', ').replaceAll('_', ' ')}).`;
    return ok('deployment_fill', `${found} ${fillCommand(target)} does the rest at once.`);
  }
  if (isNew) return ok('deployment_fill', 'It begins within five minutes of the deploy.');
  const next = `See the cron job above, or run ${fillCommand(target)}.`;
  return warning('deployment_fill', 'It has not begun.', next);
}
