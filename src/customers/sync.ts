import type { Stripe } from 'stripe';
import { calling } from '../stripe/faults.ts';
import { readCustomer } from './read.ts';
import type { Stores } from './stores/index.ts';

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
 * @param subject  the subject to map the customer to when neither Stripe nor D1 has one
 * @throws BillingError; D1 remembers the unfinished sync, and the cron job repeats it
 */
export async function syncCustomer(
  id: string,
  { stripe, stores: { syncs }, config }: SyncSources,
  now: Date,
  subject: string | null = null,
): Promise<void> {
  const { livemode, customerMetadataKey } = config;
  for (const { ticket, mapped } of await syncs.takeTickets([id], livemode)) {
    const state = await calling(livemode, async () =>
      readCustomer(stripe, id, customerMetadataKey, mapped),
    );
    const mapping = state.kind === 'living' && !mapped ? { subject: state.subject ?? subject } : {};
    await syncs.write([{ ...state, ...mapping, ticket }], now);
  }
}
