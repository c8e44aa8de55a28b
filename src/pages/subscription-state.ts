import type { Subscription } from '../customers/customer.ts';
import type { Due } from '../portal/due.ts';
import type { Language } from './languages/language.ts';

export type State = keyof Language['states'] | 'cancelled';

/** What the customer has to know first. */
export function stateOf({ status, cancelAt, paused, terms }: Subscription): State {
  if (status === 'past_due') return terms?.sendsInvoices ? 'invoiceDue' : 'pastDue';
  if (status === 'unpaid' || status === 'incomplete') return status;
  if (cancelAt !== null) return 'cancelled';
  if (paused) return 'paused';
  return status === 'trialing' ? 'trial' : 'active';
}

const DUE = ['pastDue', 'invoiceDue', 'incomplete', 'unpaid'] as const;
const MOST_URGENT_FIRST: readonly State[] = [...DUE, 'paused', 'cancelled', 'trial', 'active'];

export type DueState = (typeof DUE)[number];
export const isDue = (state: State): state is DueState => DUE.some((due) => due === state);

/** The most urgent first: what is overdue, what is open, and what will not simply go on. */
export function byUrgency(subscriptions: Subscription[], due: Due[]): Subscription[] {
  const open = new Set(due.map(({ subscription }) => subscription));
  const urgencyOf = (subscription: Subscription) => {
    const own = MOST_URGENT_FIRST.indexOf(stateOf(subscription));
    return open.has(subscription.id) ? Math.min(own, DUE.length - 0.5) : own;
  };
  return subscriptions.toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
}
