import { change, emit } from '../protocol/emit.ts';
import type { Actor } from '../protocol/emit.ts';
import { nextPeriodEnd } from './periods.ts';
import type { Subscription, SubscriptionItem } from '../objects.ts';

/** Changes a subscription and tells of it, also of entering or leaving the paused status. */
export function changeSubscription(
  actor: Actor,
  subscription: Subscription,
  changes: Partial<Subscription>,
): void {
  const { status } = subscription;
  const ends = changes.status === 'canceled' && status !== 'canceled';
  if (ends) {
    const now = actor.state.seconds();
    Object.assign(subscription, { canceled_at: now, ended_at: now, ...changes });
    emit(actor, 'customer.subscription.deleted', subscription);
    return;
  }
  change(actor, 'customer.subscription.updated', subscription, changes);
  if (status === subscription.status) return;
  if (subscription.status === 'paused') emit(actor, 'customer.subscription.paused', subscription);
  if (status === 'paused') emit(actor, 'customer.subscription.resumed', subscription);
}

export function cancelNow(actor: Actor, subscription: Subscription): void {
  changeSubscription(actor, subscription, { status: 'canceled', cancel_at_period_end: false });
}

/** What `cancel_at_period_end` means: of several items the period that ends first. */
export function periodEnd(subscription: Subscription): number {
  return Math.min(...periodEnds(subscription));
}

export function lastPeriodEnd(subscription: Subscription): number {
  return Math.max(...periodEnds(subscription));
}

const periodEnds = ({ items }: Subscription) => items.data.map((item) => item.current_period_end);

/** Whether it is billed by the rules that Stripe gives new subscriptions since 2025-09-30. */
export const isFlexible = ({ billing_mode: mode }: Subscription) => mode.type === 'flexible';

/** How the portal cancels: in flexible mode `cancel_at` alone, in classic mode the flag as well. */
export function cancelInPortal(actor: Actor, subscription: Subscription): void {
  const end = endingAt(actor, periodEnd(subscription), !isFlexible(subscription));
  changeSubscription(actor, subscription, end);
}

/** A pause ends the period that was paid for, and nothing is invoiced until it is over. */
export function pause(actor: Actor, subscription: Subscription): void {
  const now = actor.state.seconds();
  changeSubscription(actor, subscription, {
    items: withPeriod(subscription, ({ current_period_start: start }) => [start, now]),
    status: 'paused',
    status_details: {
      paused: {
        subscription: { type: 'pause_requested' },
        transitioned_at: now,
        type: 'subscription',
      },
    },
  });
}

/** Ends a pause; what is paid for begins anew. */
export function resume(actor: Actor, subscription: Subscription): void {
  const now = actor.state.seconds();
  delete subscription.status_details;
  changeSubscription(actor, subscription, {
    billing_cycle_anchor: now,
    items: withPeriod(subscription, ({ price }) => [now, nextPeriodEnd(price, now)]),
    status: 'active',
  });
}

function withPeriod(
  { items }: Subscription,
  period: (item: SubscriptionItem) => [start: number, end: number],
): Subscription['items'] {
  const data = items.data.map((item) => {
    const [start, end] = period(item);
    return { ...item, current_period_start: start, current_period_end: end };
  });
  return { ...items, data };
}

/** What a scheduled end changes; `at` is null to go on. */
export function endingAt(
  actor: Actor,
  at: number | null,
  atPeriodEnd: boolean,
): Partial<Subscription> {
  return {
    cancel_at: at,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: at === null ? null : actor.state.seconds(),
  };
}

/** Whether anything can still be done with it. */
export function isLiving({ status }: Subscription): boolean {
  return status !== 'canceled' && status !== 'incomplete_expired';
}
