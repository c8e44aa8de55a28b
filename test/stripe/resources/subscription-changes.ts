import { change, emit } from '../protocol/emit.ts';
import type { Actor } from '../protocol/emit.ts';
import type { Subscription } from '../objects.ts';

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

/** The end of what is paid for: of several items the one that ends last. */
export function periodEnd(subscription: Subscription): number {
  return Math.max(...subscription.items.data.map((item) => item.current_period_end));
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
