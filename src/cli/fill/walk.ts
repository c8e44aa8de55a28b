import type { Config } from '../../config/config.ts';
import { createBudget } from '../../customers/budget.ts';
import { beginWalks } from '../../customers/event-walk.ts';
import { continueFill, fillState } from '../../customers/fill.ts';
import type { Cursors } from '../../customers/stores/cursors.ts';
import { createStores } from '../../customers/stores/index.ts';
import { createStripe } from '../../stripe/client.ts';
import { createPace } from '../../stripe/pace.ts';
import { runPages } from '../pages.ts';
import type { Shell } from '../shell.ts';
import type { FillProgress } from './progress.ts';

// A page of each list, so that what is walked shows and Ctrl-C is soon heard.
const SUBREQUESTS = 17;

// Stripe takes 25 requests a second in test mode, and 100 in live mode. Visitors come first.
const PACE = { burst: 20, perSecond: 20 };

/**
 * Walks until the first fill is complete, or the operator stops it after a page. Where the cron
 * job has walked at the same time, the cursors in D1 are read again.
 *
 * @throws BillingError
 */
export async function walkAll(
  shell: Pick<Shell, 'wait' | 'onInterrupt'>,
  config: Config,
  database: D1Database,
  progress: FillProgress,
): Promise<'complete' | 'stopped'> {
  let requests = 0;
  let budget = createBudget(SUBREQUESTS);
  const onRequest = () => {
    requests += 1;
    budget.spend();
  };
  const sources = {
    config,
    stripe: createStripe(config.stripe, { onRequest }),
    stores: createStores(database, () => budget.spend()),
  };
  const pace = createPace(PACE, shell.wait);
  let known: Cursors | undefined;
  const next = async () => {
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
    return report.fill === 'complete' ? 'complete' : 'more';
  };

  return runPages(shell, config.livemode, {
    next,
    note: progress.note,
    stopping: 'Stopping after this page. What was walked is kept.',
  });
}
