import type { Stripe } from 'stripe';
import { calling } from '../stripe/faults.ts';
import { readCustomer } from './read.ts';
import type { CustomerStore } from './store.ts';

/** What a sync works with. */
export type SyncSources = {
  stripe: Stripe;
  customers: CustomerStore;
  config: { livemode: boolean; customerMetadataKey: string };
};

/**
 * Brings D1 up to Stripe's present state of one customer: take a ticket, read, write unless a
 * later ticket has written. In any order, repetition and overlap the newest state stays, since
 * the highest ticket began to read last.
 *
 * @param subject  whom to map the customer to, where neither Stripe nor D1 says
 * @throws BillingError; D1 then remembers that this sync has not ended, and the cron job ends it
 */
export async function syncCustomer(
  id: string,
  { stripe, customers, config }: SyncSources,
  now: Date,
  subject: string | null = null,
): Promise<void> {
  const { livemode, customerMetadataKey } = config;
  for (const { ticket, mapped } of await customers.takeTickets([id], livemode)) {
    const state = await calling(livemode, async () =>
      readCustomer(stripe, id, customerMetadataKey, mapped),
    );
    const told = state.kind === 'living' && !mapped ? { subject: state.subject ?? subject } : {};
    await customers.write([{ ...state, ...told, ticket }], now);
  }
}
