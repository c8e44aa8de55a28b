import { productsOf, type Customer, type Subscription } from '../customers/customer.ts';
import { mayOwe } from './due.ts';

/** What a subscription does at this moment, the state that gives most first. */
export const SUBSCRIPTION_STATES = [
  'active',
  'trialing',
  'past_due',
  'paused',
  'unpaid',
  'incomplete',
] as const;

/** Of all subscriptions together. */
export const STATES = [...SUBSCRIPTION_STATES, 'none', 'unknown'] as const;

export type SubscriptionSummary = {
  id: string;
  customer: string;
  state: (typeof SUBSCRIPTION_STATES)[number];
  /** The names of its products. */
  plan: string;
  products: string[];
  prices: string[];
  /** Unix seconds, as all times here. */
  periodEnd: number | null;
  cancelAt: number | null;
  trialEnd: number | null;
  mayBeDue: boolean;
};

/** What D1 knows of a principal's billing. */
export type BillingState = {
  /**
   * Of the subscription that gives most. `none`: no subscription goes on. `unknown`: D1 has no
   * customer. Nothing was bought, or the webhook of a purchase has not come yet.
   */
  state: (typeof STATES)[number];
  /** What that subscription is of, and until when it is paid. */
  plan: string | null;
  periodEnd: number | null;
  /** D1 has a reason to think that a payment is missing. Stripe knows the sum. */
  mayBeDue: boolean;
  /**
   * False while a sync waits that D1 knows of. True is no promise: a change whose webhook was lost
   * is unknown until the cron job finds it, and /healthz says whether that runs.
   */
  isFresh: boolean;
  /** When the customer that was read first was read at Stripe. */
  asOf: number | null;
  subscriptions: SubscriptionSummary[];
};

/** Sums up what D1 has. Stripe is not asked, so `unknown` is not yet “has bought nothing”. */
export function billingStateOf(customers: Customer[]): BillingState {
  const subscriptions = customers
    .flatMap(({ id, subscriptions: all }) => all.map((each) => summaryOf(each, id)))
    .toSorted((a, b) => rank(a) - rank(b));
  const [first] = subscriptions;
  const times = customers.map(({ syncedAt }) => syncedAt).filter((each) => each !== null);
  return {
    state: first?.state ?? (customers.length === 0 ? 'unknown' : 'none'),
    plan: first?.plan ?? null,
    periodEnd: first?.periodEnd ?? null,
    mayBeDue: subscriptions.some(({ mayBeDue }) => mayBeDue),
    isFresh: customers.length > 0 && customers.every((each) => each.isSynced && each.isRead),
    asOf: times.length === 0 ? null : Math.min(...times),
    subscriptions,
  };
}

const rank = ({ state }: SubscriptionSummary) => SUBSCRIPTION_STATES.indexOf(state);

function summaryOf(subscription: Subscription, customer: string): SubscriptionSummary {
  const { id, items, currentPeriodEnd, cancelAt, trialEnd } = subscription;
  return {
    id,
    customer,
    state: stateOf(subscription),
    plan: productsOf(subscription),
    products: [...new Set(items.flatMap(({ productId }) => productId ?? []))],
    prices: items.map(({ price }) => price),
    periodEnd: currentPeriodEnd,
    cancelAt,
    trialEnd,
    mayBeDue: mayOwe(subscription),
  };
}

/** While payment collection is paused, Stripe's own status stays what it was. */
function stateOf({ status, paused }: Subscription): SubscriptionSummary['state'] {
  const known = SUBSCRIPTION_STATES.find((state) => state === status) ?? 'incomplete';
  return paused && (known === 'active' || known === 'trialing') ? 'paused' : known;
}
