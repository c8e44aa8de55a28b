import type { Stripe } from 'stripe';
import { calling } from '../stripe/faults.ts';
import type { Customer } from './store.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

// Nobody has more billing accounts to search through; the newest subscriptions come first.
const CUSTOMERS = 5;
const PAGE = 100;

const isNamed = (subscription: string) => (each: { id: string }) => each.id === subscription;

/** Which of these customers a subscription belongs to, as far as D1 knows. */
export function knownOwner(subscription: string, customers: Customer[]): Customer | undefined {
  return customers.find(({ subscriptions }) => subscriptions.some(isNamed(subscription)));
}

/**
 * The same of a subscription that D1 does not hold. It may be new, and is then synced, or have
 * ended, and is then not among the customer's: so Stripe is asked for what the customers have.
 * The id itself, which may be anybody's, never goes there.
 *
 * @returns undefined when it is none of theirs
 * @throws BillingError of D1 or Stripe
 */
export async function findOwner(
  subscription: string,
  customers: Customer[],
  sources: SyncSources,
  now: Date,
): Promise<Customer | undefined> {
  for (const customer of customers.slice(0, CUSTOMERS)) {
    const all = await calling(sources.config.livemode, async () =>
      everySubscriptionOf(customer.id, sources.stripe),
    );
    if (!all.some(isNamed(subscription))) continue;
    await syncCustomer(customer.id, sources, now);
    return { ...customer, subscriptions: await sources.customers.subscriptionsOf(customer.id) };
  }
  return undefined;
}

async function everySubscriptionOf(
  customer: string,
  stripe: Stripe,
): Promise<Stripe.Subscription[]> {
  const { data } = await stripe.subscriptions.list({ customer, status: 'all', limit: PAGE });
  return data;
}
