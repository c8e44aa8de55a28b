import { calling, isMissing } from '../stripe/faults.ts';
import { idOf } from './events.ts';
import type { Customer } from './store.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

/**
 * Which of these customers a subscription belongs to. Stripe is asked about one that D1 does not
 * hold: it may be new, and is then synced, or have ended, and is then not among the customer's.
 *
 * @returns undefined when it is none of theirs, or unknown
 * @throws BillingError of D1 or Stripe
 */
export async function ownerOf(
  subscription: string,
  customers: Customer[],
  sources: SyncSources,
  now: Date,
): Promise<Customer | undefined> {
  const holds = ({ subscriptions }: Customer) =>
    subscriptions.some(({ id }) => id === subscription);
  const holder = customers.find(holds);
  if (holder || customers.length === 0 || !/^sub_\w{1,250}$/.test(subscription)) return holder;
  const ownerId = await customerOf(subscription, sources);
  const owner = customers.find(({ id }) => id === ownerId);
  if (!owner) return undefined;
  await syncCustomer(owner.id, sources, now);
  return { ...owner, subscriptions: await sources.customers.subscriptionsOf(owner.id) };
}

async function customerOf(
  subscription: string,
  { stripe, config }: SyncSources,
): Promise<string | undefined> {
  return calling(config.livemode, async () => {
    try {
      return idOf((await stripe.subscriptions.retrieve(subscription)).customer);
    } catch (error) {
      if (isMissing(error, 'subscription')) return undefined;
      throw error;
    }
  });
}
