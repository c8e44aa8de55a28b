import type { Config } from '../../config/config.ts';
import { createBudget } from '../../customers/budget.ts';
import { beginWalks } from '../../customers/event-walk.ts';
import { continueFill, fillState } from '../../customers/fill.ts';
import type { Cursors } from '../../customers/stores/cursors.ts';
import { createStores } from '../../customers/stores/index.ts';
import type { BillingError, BillingErrorCode } from '../../errors/billing-error.ts';
import { createStripe } from '../../stripe/client.ts';
import { toBillingError } from '../../stripe/faults.ts';
import { createPace } from '../pace.ts';
import type { Shell } from '../shell.ts';
import type { Progress } from './progress.ts';

// A page of each list, so that what is walked shows and Ctrl-C is soon heard.
const SUBREQUESTS = 17;

// Stripe takes 25 requests a second in test mode, and 100 in live mode. Visitors come first.
const PACE = { burst: 20, perSecond: 20 };

// Such faults often pass. What was walked is kept, so the page is asked for again.
const PASSING = new Set<BillingErrorCode>([
  'stripe_unreachable',
  'stripe_unavailable',
  'stripe_rate_limited',
  'stripe_object_locked',
  'stripe_answer_unusable',
  'database_unavailable',
]);
const PAUSES = [1_000, 4_000, 15_000, 60_000];

/**
 * Walks until the first fill is complete, or the operator stops it after a page. Where the cron
 * job has walked at the same time, the cursors in D1 are read again.
 *
 * @throws BillingError
 */
export async function walkAll(
  { wait, onInterrupt }: Pick<Shell, 'wait' | 'onInterrupt'>,
  config: Config,
  database: D1Database,
  progress: Progress,
): Promise<'complete' | 'stopped'> {
  let requests = 0;
  let budget = createBudget(SUBREQUESTS);
  const onRequest = () => {
    requests += 1;
    budget.spend();
  };
  const sources = {
    config,
    stripe: createStripe(config.stripe, onRequest),
    stores: createStores(database, () => budget.spend()),
  };
  const pace = createPace(PACE, wait);
  let known: Cursors | undefined;
  const walkPages = async () => {
    const now = new Date();
    const found = known ?? (await sources.stores.cursors.read(config.livemode));
    const cursors = found.has('events') ? found : await beginWalks(sources, found, now);
    known = undefined;
    if (fillState(cursors) === 'complete') return 'complete';
    requests = 0;
    budget = createBudget(SUBREQUESTS);
    const report = await continueFill(sources, cursors, budget, now);
    known = report.isShared ? undefined : report.cursors;
    progress.add(report.walked);
    await pace(requests);
    return report.fill;
  };

  const stop = new AbortController();
  const release = onInterrupt(() => {
    stop.abort();
    progress.note('Stopping after this page. What was walked is kept.');
  });
  try {
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        if ((await walkPages()) === 'complete') return 'complete';
        failures = 0;
      } catch (error) {
        const fault = toBillingError(error, config.livemode);
        const pause = PASSING.has(fault.code) ? PAUSES[failures] : undefined;
        if (pause === undefined) throw fault;
        failures += 1;
        progress.note(`${reasonOf(fault)} Trying again in ${pause / 1000} s.`);
        await wait(pause, stop.signal);
      }
    }
    return 'stopped';
  } finally {
    release();
  }
}

const reasonOf = ({ entry, code }: BillingError) => `${entry.title} (${code}).`;
