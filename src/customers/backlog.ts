import type { BillingErrorCode } from '../errors/billing-error.ts';
import { toBillingError } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { Budget } from './budget.ts';
import { readCost, readCustomer, statesOf, type Reading } from './read.ts';
import type { Ticket, Waiting } from './stores/syncs.ts';
import { withTickets, type SyncSources } from './sync.ts';

const MOST_WAITING = 1_000;
const GROUP = 50;
// A Worker has six connections.
const AT_ONCE = 5;

// Tickets, two reads of product names, and the three statements of the write.
const GROUP_COST = 6;

// What fails so fails for everybody: to go on would only add to it.
const OUTAGES = new Set<BillingErrorCode>([
  'stripe_unreachable',
  'stripe_rate_limited',
  'stripe_key_refused',
  'stripe_key_expired',
  'stripe_permission_missing',
]);

export type Synced = { synced: number; failed: number };
type Outcome = Synced & { isOutage: boolean };

/**
 * Syncs customers that wait for it, the longest wait first, in groups that share their statements:
 * about one subrequest for each. Customers that failed before come last and alone, so that they
 * hold up nobody.
 */
export async function syncBacklog(
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<Synced> {
  const { stores, config } = sources;
  const report: Synced = { synced: 0, failed: 0 };
  if (!budget.allows(1 + GROUP_COST + readCost(false))) return report;
  let waiting = await stores.syncs.unsynced(config.livemode, now, MOST_WAITING);
  for (;;) {
    const group = nextGroup(waiting, budget);
    if (group.length === 0) return report;
    waiting = waiting.slice(group.length);
    const outcome = await syncGroup(group, sources, now);
    report.synced += outcome.synced;
    report.failed += outcome.failed;
    if (outcome.isOutage) return report;
  }
}

/** The next customers that the budget has room for, each of which is then read. */
function nextGroup(waiting: Waiting[], budget: Budget): string[] {
  const group: string[] = [];
  let cost = GROUP_COST;
  for (const { id, mapped, postponed } of waiting) {
    cost += readCost(mapped);
    if (group.length === GROUP || !budget.allows(cost)) break;
    if (postponed && group.length > 0) break;
    group.push(id);
    if (postponed) break;
  }
  return group;
}

async function syncGroup(ids: string[], sources: SyncSources, now: Date): Promise<Outcome> {
  const { stripe, stores } = sources;
  const outcome: Outcome = { synced: 0, failed: 0, isOutage: false };
  const fail = (id: string, error: unknown) => {
    const { code, message } = toBillingError(error, sources.config.livemode);
    log('error', { event: 'sync_failed', customer: id, code, reason: message });
    outcome.failed += 1;
    outcome.isOutage ||= OUTAGES.has(code);
  };
  const tickets = await stores.syncs.retakeTickets(ids, now);
  const readings: Read[] = [];
  for (let from = 0; from < tickets.length && !outcome.isOutage; from += AT_ONCE) {
    const few = tickets.slice(from, from + AT_ONCE);
    readings.push(...(await readAll(few, sources, fail)));
  }
  if (readings.length === 0) return outcome;
  try {
    const states = await statesOf(
      stripe,
      readings.map(({ reading }) => reading),
    );
    const taken = readings.map(({ ticket }) => ticket);
    await stores.syncs.write(withTickets(states, taken), now);
    outcome.synced = states.length;
  } catch (error) {
    for (const { ticket } of readings) fail(ticket.id, error);
  }
  return outcome;
}

type Read = { ticket: Ticket; reading: Reading };

async function readAll(
  tickets: Ticket[],
  { stripe, config }: SyncSources,
  fail: (id: string, error: unknown) => void,
): Promise<Read[]> {
  const readings: Read[] = [];
  const read = async (ticket: Ticket) => {
    const { id, mapped } = ticket;
    try {
      const reading = await readCustomer(stripe, id, config.customerMetadataKey, mapped);
      readings.push({ ticket, reading });
    } catch (error) {
      fail(id, error);
    }
  };
  await Promise.all(tickets.map(read));
  return readings;
}
