import type { Stripe } from 'stripe';
import { calling } from '../stripe/faults.ts';
import type { Customer } from './customer.ts';
import { syncCustomer, type SyncSources } from './sync.ts';

/** What a visitor asks for. Either may belong to another subject. */
export type Wanted = { customer?: string | undefined; subscription?: string | undefined };

export type Choice =
  | { kind: 'none' }
  | { kind: 'one'; customer: Customer }
  | { kind: 'several'; customers: Customer[] }
  | { kind: 'not_yours'; code: 'customer_not_yours' | 'subscription_not_yours' };

/** D1 knows no owner of the subscription. Stripe can be asked about these customers. */
export type OwnerUnknown = { kind: 'owner_unknown'; subscription: string; among: Customer[] };

// Enough billing accounts for anyone, and the newest subscriptions come first.
const MOST_CUSTOMERS = 5;
const PAGE = 100;

/** The customers that the wanted id leaves. An unknown id is answered like a stranger's. */
export function eligibleCustomers(found: Customer[], { customer }: Wanted): Customer[] {
  return customer === undefined ? found : found.filter(({ id }) => id === customer);
}

/** Picks, of the visitor's own customers, the one that is wanted: by id, or by a subscription. */
export function chooseCustomer(found: Customer[], wanted: Wanted): Choice | OwnerUnknown {
  if (found.length === 0) return { kind: 'none' };
  const eligible = eligibleCustomers(found, wanted);
  const [first, ...others] = eligible;
  if (!first) return { kind: 'not_yours', code: 'customer_not_yours' };
  const { subscription } = wanted;
  if (subscription === undefined) {
    return others.length === 0
      ? { kind: 'one', customer: first }
      : { kind: 'several', customers: eligible };
  }
  const owner = eligible.find((each) => each.subscriptions.some(({ id }) => id === subscription));
  return owner
    ? { kind: 'one', customer: owner }
    : { kind: 'owner_unknown', subscription, among: eligible };
}

/**
 * Asks Stripe which of these customers a subscription belongs to. It may be new, and is then
 * synced, or have ended, and D1 then does not keep it. The request lists what each customer has.
 * It never contains the wanted id, which may be a stranger's.
 *
 * @throws BillingError of D1 or Stripe
 */
export async function findOwner(
  { subscription, among }: Omit<OwnerUnknown, 'kind'>,
  sources: SyncSources,
  now: Date,
): Promise<Choice> {
  for (const customer of among.slice(0, MOST_CUSTOMERS)) {
    const all = await calling(sources.config.livemode, async () =>
      everySubscriptionOf(customer.id, sources.stripe),
    );
    if (!all.some(({ id }) => id === subscription)) continue;
    await syncCustomer(customer.id, sources, now);
    const subscriptions = await sources.stores.customers.subscriptionsOf(customer.id);
    return { kind: 'one', customer: { ...customer, subscriptions } };
  }
  return { kind: 'not_yours', code: 'subscription_not_yours' };
}

async function everySubscriptionOf(
  customer: string,
  stripe: Stripe,
): Promise<Stripe.Subscription[]> {
  const { data } = await stripe.subscriptions.list({ customer, status: 'all', limit: PAGE });
  return data;
}
