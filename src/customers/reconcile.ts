import { log } from '../telemetry/log.ts';
import { syncBacklog } from './backlog.ts';
import { noteBacklog } from './backlog-note.ts';
import type { Budget } from './budget.ts';
import { walkEvents } from './event-walk.ts';
import { continueFill, fillState } from './fill.ts';
import { renameProducts } from './renames.ts';
import type { SyncSources } from './sync.ts';

// The count of the backlog, and the note of it.
const REPORT_COST = 2;

// Events are read first. Where they are many, the customers that they name are synced all the same.
const SHARE_OF_EVENTS = 0.5;

// While the first fill runs, syncs leave it the rest of the budget.
const SHARE_WHILE_FILLING = 0.3;

/**
 * Makes up for webhooks that never arrived, and fills an empty D1. Each run does as much as its
 * budget allows, and the next one continues. Runs may overlap: sync tickets guard every write.
 *
 * 1. Read the events since the cursor, and take on the customers that no sync covers yet.
 * 2. Sync customers that wait for it, the longest wait first.
 * 3. Write new names of products.
 * 4. Walk all customers, subscriptions and checkouts until the first fill is complete.
 */
export async function reconcile(sources: SyncSources, total: Budget, now: Date): Promise<void> {
  const { stores, config } = sources;
  const budget = total.reserve(REPORT_COST);
  await stores.searches.forgetOld(now);
  await stores.mails.forgetOld(now);
  const cursors = await stores.cursors.read(config.livemode);
  const walk = await walkEvents(sources, cursors, budget.share(SHARE_OF_EVENTS), now);
  const isFilling = fillState(walk.cursors) !== 'complete';
  const share = isFilling ? budget.share(SHARE_WHILE_FILLING) : budget;
  const synced = await syncBacklog(sources, share, now);
  await renameProducts(sources, walk.cursors, share);
  const { walked, fill } = await continueFill(sources, walk.cursors, budget, now);
  const backlog = await noteBacklog(sources, walk, now);
  log('info', {
    event: 'reconciled',
    events: walk.seen,
    ...synced,
    filled: walked.customers,
    fill,
    backlog: backlog.customers,
    backlog_failing: backlog.failing,
    backlog_seconds: backlog.age,
  });
}
