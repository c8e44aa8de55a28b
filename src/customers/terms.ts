import type { Stripe } from 'stripe';
import type { SubscriptionTerms } from './schema.ts';

/** What a customer knows a coupon by, by its id. */
export type CouponNames = ReadonlyMap<string, string>;

/**
 * When a subscription ends: by a date, with the period of the item that ends first, or with its
 * schedule. A schedule sets the date itself only in its last phase.
 */
export function endOf(subscription: Stripe.Subscription): number | null {
  const { cancel_at: at, cancel_at_period_end: withPeriod, schedule } = subscription;
  if (at !== null) return at;
  if (withPeriod) return firstPeriodEnd(subscription);
  if (!isRunning(schedule) || schedule.end_behavior !== 'cancel') return null;
  return schedule.phases.at(-1)?.end_date ?? null;
}

/** The period is the item's since 2025-03-31. Null if there are no items. */
export function firstPeriodEnd({ items }: Stripe.Subscription): number | null {
  const ends = items.data.map((item) => item.current_period_end);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** How a subscription goes on, and what counts beside its items. */
export function termsOf(
  subscription: Stripe.Subscription,
  customer: Stripe.Customer,
  names: CouponNames,
): SubscriptionTerms {
  const { collection_method: collection, schedule } = subscription;
  const coupons = couponsOf(subscription, customer);
  return {
    discounts: coupons.map((coupon) => (coupon === null ? null : (names.get(coupon) ?? null))),
    sendsInvoices: collection === 'send_invoice',
    isResumable: isResumable(subscription),
    changesAt: isRunning(schedule) ? nextPhaseOf(schedule) : null,
    mayChange: typeof schedule === 'string',
  };
}

/**
 * The coupons of a subscription's discounts; null for a discount that was not expanded. The
 * customer's discount counts where the subscription has none of its own.
 */
export function couponsOf(
  { discounts, items }: Stripe.Subscription,
  { discount: general }: Stripe.Customer,
): (string | null)[] {
  const ofItems = items.data.flatMap((item) => item.discounts);
  const own = discounts.length === 0 && general ? [general] : discounts;
  const coupons = [...ofItems, ...own].map((discount) =>
    typeof discount === 'string' ? null : idOf(discount.source.coupon),
  );
  return [...new Set(coupons)];
}

const idOf = (coupon: string | Stripe.Coupon | null) =>
  typeof coupon === 'string' ? coupon : (coupon?.id ?? null);

/**
 * Whether the portal lets the customer end a pause or take back an end. Stopped collection and
 * schedules are the operator's; other pauses end with a payment method or a payment.
 */
function isResumable(subscription: Stripe.Subscription): boolean {
  const { pause_collection: stopped, schedule, status, status_details: details } = subscription;
  if (endOf(subscription) !== null) return schedule === null;
  if (stopped !== null || status !== 'paused') return false;
  return details?.paused.subscription.type === 'pause_requested';
}

type Schedule = Stripe.Subscription['schedule'];

function isRunning(schedule: Schedule): schedule is Stripe.SubscriptionSchedule {
  return schedule !== null && typeof schedule !== 'string' && schedule.status === 'active';
}

function nextPhaseOf({
  current_phase: current,
  phases,
}: Stripe.SubscriptionSchedule): number | null {
  if (!current) return null;
  const next = phases.find(({ start_date: start }) => start >= current.end_date);
  return next?.start_date ?? null;
}
