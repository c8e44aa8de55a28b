import { log } from '../telemetry/log.ts';
import { toBillingError } from '../stripe/faults.ts';
import type { Budget } from './budget.ts';
import { walkEvents } from './event-walk.ts';
import { fillPages, isFilled } from './fill.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

const BATCH = 200;

// Ticket, customer, subscriptions, products, checkouts and the write, which are three.
const SYNC_COST = 8;

/**
 * Makes up for webhooks that never arrived, and fills an empty D1. Each run does as much as its
 * budget allows, and the next one goes on with the rest. Runs may overlap: whatever they write
 * goes by tickets.
 *
 * 1. Events since the cursor: the customers they name are noted as unsynced.
 * 2. Customers that are unsynced, by an event or because a sync failed, are synced. Those that
 *    failed most often come last, so that none holds up the others.
 * 3. All customers, page by page, until the first fill is complete.
 */
export async function reconcile(sources: SyncSources, budget: Budget, now: Date): Promise<void> {
  await sources.customers.forgetSearches(now);
  const events = await walkEvents(sources, budget, now);
  const isFilling = !(await isFilled(sources));
  const synced = await syncUnsynced(sources, isFilling ? budget.share(0.3) : budget, now);
  const fill = await fillPages(sources, budget, now);
  log('info', { event: 'reconciled', events, ...synced, ...fill });
}

async function syncUnsynced(
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<{ synced: number; failed: number }> {
  const { customers, config } = sources;
  const outcome = { synced: 0, failed: 0 };
  if (!budget.allows(1 + SYNC_COST)) return outcome;
  for (const id of await customers.unsynced(config.livemode, BATCH)) {
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
