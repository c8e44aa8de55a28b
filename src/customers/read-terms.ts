import type { Stripe } from 'stripe';
import { isForbidden, isMissing } from '../stripe/faults.ts';
import { couponsOf, type CouponNames } from './terms.ts';

const PAGE = 100;

// A customer rarely has more than one. Each costs a call.
export const MOST_COUPONS = 3;

/**
 * Reads schedules and discounts of the subscriptions that have any: a call for all of them. They
 * come only expanded, and from the customer's own subscriptions they are too deep. With a key that
 * may not read them, the subscriptions stay as they are.
 * https://docs.stripe.com/api/expanding_objects
 */
export async function expandTerms(
  stripe: Stripe,
  customer: string,
  subscriptions: Stripe.Subscription[],
): Promise<Stripe.Subscription[]> {
  if (!subscriptions.some((each) => hasMore(each))) return subscriptions;
  const expanded = await ifPossible(async () =>
    stripe.subscriptions.list({
      customer,
      limit: PAGE,
      expand: ['data.discounts', 'data.items.data.discounts', 'data.schedule'],
    }),
  );
  const byId = new Map(expanded?.data.map((each) => [each.id, each]));
  return subscriptions.map((each) => byId.get(each.id) ?? each);
}

function hasMore({ discounts, items, schedule }: Stripe.Subscription): boolean {
  const hasDiscount = discounts.length > 0 || items.data.some((item) => item.discounts.length > 0);
  return hasDiscount || schedule !== null;
}

/** What invoices call the coupons on these subscriptions: the coupon's name, or else its id. */
export async function readCouponNames(
  stripe: Stripe,
  customer: Stripe.Customer,
  subscriptions: Stripe.Subscription[],
): Promise<CouponNames> {
  const ids = new Set(subscriptions.flatMap((each) => couponsOf(each, customer)));
  const names = new Map<string, string>();
  for (const id of [...ids].slice(0, MOST_COUPONS)) {
    const coupon = id === null ? null : await ifPossible(async () => stripe.coupons.retrieve(id));
    if (coupon) names.set(coupon.id, coupon.name ?? coupon.id);
  }
  return names;
}

/** Undefined if the key may not read it, or it is gone: a deleted coupon goes on counting. */
async function ifPossible<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isForbidden(error) || isMissing(error, 'coupon')) return undefined;
    throw error;
  }
}
