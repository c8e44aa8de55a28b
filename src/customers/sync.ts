import type { Stripe } from 'stripe';
import { calling } from '../stripe/faults.ts';
import { log } from '../telemetry/log.ts';
import type { MappedState } from './read.ts';
import type { Stores } from './stores/index.ts';
import type { Ticket } from './stores/syncs.ts';

/** What a sync works with. */
export type SyncSources = {
  stripe: Stripe;
  stores: Stores;
  config: { livemode: boolean; customerMetadataKey: string };
};

/**
 * Brings D1 up to Stripe's current state of one customer: takes a ticket, reads, and writes
 * unless a later ticket has written. Syncs may repeat and overlap in any order: the highest
 * ticket began to read last, so the newest state stays.
 *
 * @param event  the event that this sync answers, which the cron job need not answer again
 * @throws BillingError; D1 remembers the unfinished sync, and the cron job repeats it
 */
export async function syncCustomer(
  id: string,
  { stripe, stores: { syncs }, config }: SyncSources,
  now: Date,
  event?: string,
): Promise<void> {
  const { readCustomer, statesOf } = await import('./read.ts');
  const { livemode, customerMetadataKey } = config;
  const tickets = await syncs.takeTickets([id], livemode, now, event);
  const mapped = tickets.some((ticket) => ticket.mapped);
  const states = await calling(livemode, async () =>
    statesOf(stripe, [await readCustomer(stripe, id, customerMetadataKey, mapped)]),
  );
  await syncs.write(withTickets(states, tickets), now);
}

/** States that may be written. An operator has to settle which of several subjects is right. */
export function withTickets(states: MappedState[], tickets: Ticket[]) {
  const byId = new Map(tickets.map((each) => [each.id, each]));
  return states.flatMap((state) => {
    const taken = byId.get(state.id);
    if (taken === undefined) return [];
    if (state.conflict === true && !taken.settled) {
      log('error', { event: 'subject_conflict', customer: state.id });
    }
    return Object.assign(state, { ticket: taken.ticket });
  });
}
