import { toBillingError } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { Budget } from './budget.ts';
import { walkEvents } from './event-walk.ts';
import { fillPages, fillState } from './fill.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

const BATCH = 200;

// Ticket, customer, subscriptions twice, three coupons, products, checkouts, and the three
// statements of the write.
const SYNC_COST = 12;

// While the first fill runs, syncs leave it the rest of the budget.
const SHARE_WHILE_FILLING = 0.3;

/**
 * Makes up for webhooks that never arrived, and fills an empty D1. Each run does as much as its
 * budget allows, and the next one continues. Runs may overlap: sync tickets guard every write.
 *
 * 1. Read the events since the cursor, and mark the customers that they name as unsynced.
 * 2. Sync unsynced customers. Those that failed most often come last, so they delay no others.
 * 3. Walk all customers, page by page, until the first fill is complete.
 */
export async function reconcile(sources: SyncSources, budget: Budget, now: Date): Promise<void> {
  const { stores, config } = sources;
  await stores.searches.forgetOld(now);
  await stores.mails.forgetOld(now);
  const cursors = await stores.cursors.read(config.livemode);
  const walk = await walkEvents(sources, cursors, budget, now);
  const isFilling = fillState(walk.cursors) !== 'complete';
  const synced = await syncUnsynced(
    sources,
    isFilling ? budget.share(SHARE_WHILE_FILLING) : budget,
    now,
  );
  const fill = await fillPages(sources, walk.cursors, budget, now);
  log('info', { event: 'reconciled', events: walk.seen, ...synced, ...fill });
}

async function syncUnsynced(
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<{ synced: number; failed: number }> {
  const { stores, config } = sources;
  const outcome = { synced: 0, failed: 0 };
  if (!budget.allows(1 + SYNC_COST)) return outcome;
  for (const id of await stores.syncs.unsynced(config.livemode, BATCH)) {
    if (!budget.allows(SYNC_COST)) break;
    try {
      await syncCustomer(id, sources, now);
      outcome.synced += 1;
    } catch (error) {
      const { code, message } = toBillingError(error, config.livemode);
      log('error', { event: 'sync_failed', customer: id, code, reason: message });
      outcome.failed += 1;
    }
  }
  return outcome;
}
