import type { Stripe } from 'stripe';
import type { subscriptions, SubscriptionItem } from './schema.ts';

/** A customer's state at Stripe at one moment, in the shape that D1 keeps. */
export type CustomerState =
  | { kind: 'deleted'; id: string }
  | {
      kind: 'living';
      id: string;
      /** Null if Stripe has none. D1 then keeps the one that it has. */
      subject: string | null;
      email: string | null;
      name: string | null;
      livemode: boolean;
      createdAt: number;
      subscriptions: SubscriptionState[];
    };

export type SubscriptionState = typeof subscriptions.$inferInsert;

/** By product id. */
export type ProductNames = ReadonlyMap<string, string>;

const ENDED = new Set<Stripe.Subscription.Status>(['canceled', 'incomplete_expired']);

export function isCurrent(subscription: Stripe.Subscription): boolean {
  return !ENDED.has(subscription.status);
}

/** The subject in the metadata of the customer, or else of a subscription. */
export function subjectIn(
  customer: Stripe.Customer,
  subscriptions: Stripe.Subscription[],
  metadataKey: string,
): string | null {
  const subjects = [customer, ...subscriptions].map(({ metadata }) => metadata[metadataKey]);
  return subjects.find(Boolean) ?? null;
}

export function productIds(subscriptions: Stripe.Subscription[]): string[] {
  const ids = subscriptions.flatMap(({ items }) => items.data.map((item) => productId(item)));
  return [...new Set(ids)];
}

export function toCustomerState(
  customer: Stripe.Customer,
  subject: string | null,
  subscriptions: Stripe.Subscription[],
  products: ProductNames,
): CustomerState {
  return {
    kind: 'living',
    id: customer.id,
    subject,
    email: customer.email,
    name: customer.name ?? null,
    livemode: customer.livemode,
    createdAt: customer.created,
    subscriptions: subscriptions.map((each) => toSubscriptionState(each, customer.id, products)),
  };
}

function toSubscriptionState(
  subscription: Stripe.Subscription,
  customerId: string,
  products: ProductNames,
): SubscriptionState {
  const { items, pause_collection: pause } = subscription;
  // The period is the item's since 2025-03-31; items of one subscription renew together, or
  // the next one to renew is what the customer wants to know.
  const periodEnds = items.data.map((item) => item.current_period_end);
  return {
    id: subscription.id,
    customerId,
    status: subscription.status,
    items: items.data.map((item) => toItem(item, products)),
    currentPeriodEnd: periodEnds.length > 0 ? Math.min(...periodEnds) : null,
    cancelAt: subscription.cancel_at,
    trialEnd: subscription.trial_end,
    paused: pause !== null || subscription.status === 'paused',
    resumesAt: pause?.resumes_at ?? null,
    createdAt: subscription.created,
  };
}

function toItem(item: Stripe.SubscriptionItem, products: ProductNames): SubscriptionItem {
  const { price, quantity } = item;
  const id = productId(item);
  return {
    id: item.id,
    product: products.get(id) ?? price.nickname ?? id,
    productId: id,
    price: price.id,
    quantity: quantity ?? null,
    amount: price.unit_amount,
    currency: price.currency,
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? null,
  };
}

function productId({ price: { product } }: Stripe.SubscriptionItem): string {
  return typeof product === 'string' ? product : product.id;
}
