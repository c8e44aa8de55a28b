import type { BillingErrorCode } from '../errors/billing-error.ts';
import { toBillingError } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { Budget } from './budget.ts';
import { readCost, readCustomer, statesOf, TERMS_COST, type Reading } from './read.ts';
import type { Ticket, Waiting } from './stores/syncs.ts';
import { withTickets, type SyncSources } from './sync.ts';

const MOST_WAITING = 1_000;
const GROUP = 50;
// A Worker has six connections.
const AT_ONCE = 5;

// Two reads of product names, the three statements of the write, and one for those left out.
const END_COST = 6;
// Tickets, and the terms of one customer.
const GROUP_COST = 1 + TERMS_COST + END_COST;

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
    const outcome = await syncGroup(group, sources, budget, now);
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

/** As many reads at once as the budget has room for, should all of them have discounts. */
function nextReads(tickets: Ticket[], budget: Budget): Ticket[] {
  let cost = END_COST;
  const few: Ticket[] = [];
  for (const ticket of tickets.slice(0, AT_ONCE)) {
    cost += readCost(ticket.mapped) + TERMS_COST;
    if (!budget.allows(cost)) break;
    few.push(ticket);
  }
  return few;
}

async function syncGroup(
  ids: string[],
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<Outcome> {
  const { stripe, stores } = sources;
  const outcome: Outcome = { synced: 0, failed: 0, isOutage: false };
  const fail = (id: string, error: unknown) => {
    const { code, message } = toBillingError(error, sources.config.livemode);
    log('error', { event: 'sync_failed', customer: id, code, reason: message });
    outcome.failed += 1;
    outcome.isOutage ||= OUTAGES.has(code);
  };
  let tickets = await stores.syncs.retakeTickets(ids, now);
  const readings: Read[] = [];
  while (tickets.length > 0 && !outcome.isOutage) {
    const few = nextReads(tickets, budget);
    if (few.length === 0) break;
    tickets = tickets.slice(few.length);
    readings.push(...(await readAll(few, sources, fail)));
  }
  if (tickets.length > 0 && !outcome.isOutage) {
    await stores.syncs.keepUnsynced(
      tickets.map(({ id }) => id),
      now,
    );
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
