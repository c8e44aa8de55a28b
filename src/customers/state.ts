import type { Stripe } from 'stripe';
import { currencyOf, pricingOf } from './pricing.ts';
import type { subscriptions, SubscriptionItem } from './schema.ts';
import { endOf, firstPeriodEnd, termsOf, type CouponNames } from './terms.ts';

/** A customer's state at Stripe at one moment, in the shape that D1 keeps. */
export type CustomerState =
  | { kind: 'deleted'; id: string }
  | {
      kind: 'living';
      id: string;
      /** Null if Stripe has none. D1 then keeps the one that it has. */
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

export function productIds(subscriptions: Stripe.Subscription[]): string[] {
  const ids = subscriptions.flatMap(({ items }) => items.data.map((item) => productId(item)));
  return [...new Set(ids)];
}

export function toCustomerState(
  customer: Stripe.Customer,
  subscriptions: Stripe.Subscription[],
  products: ProductNames,
  coupons: CouponNames,
): CustomerState {
  return {
    kind: 'living',
    id: customer.id,
    email: customer.email,
    name: customer.name ?? null,
    livemode: customer.livemode,
    createdAt: customer.created,
    subscriptions: subscriptions.map((each) =>
      toSubscriptionState(each, customer, products, coupons),
    ),
  };
}

function toSubscriptionState(
  subscription: Stripe.Subscription,
  customer: Stripe.Customer,
  products: ProductNames,
  coupons: CouponNames,
): SubscriptionState {
  const { items, pause_collection: pause } = subscription;
  return {
    id: subscription.id,
    customerId: customer.id,
    status: subscription.status,
    items: items.data.map((item) => toItem(item, subscription, customer, products)),
    // Of several items, the next one to renew is what the customer wants to know.
    currentPeriodEnd: firstPeriodEnd(subscription),
    cancelAt: endOf(subscription),
    trialEnd: subscription.trial_end,
    paused: pause !== null || subscription.status === 'paused',
    resumesAt: pause?.resumes_at ?? null,
    terms: termsOf(subscription, customer, coupons),
    createdAt: subscription.created,
  };
}

function toItem(
  item: Stripe.SubscriptionItem,
  subscription: Stripe.Subscription,
  customer: Stripe.Customer,
  products: ProductNames,
): SubscriptionItem {
  const { price, quantity } = item;
  const pricing = pricingOf(item, subscription, customer);
  const id = productId(item);
  return {
    id: item.id,
    product: products.get(id) ?? price.nickname ?? id,
    productId: id,
    price: price.id,
    quantity: quantity ?? null,
    pricing,
    amount: pricing === 'fixed' ? price.unit_amount : null,
    currency: currencyOf(subscription),
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? null,
  };
}

function productId({ price: { product } }: Stripe.SubscriptionItem): string {
  return typeof product === 'string' ? product : product.id;
}
