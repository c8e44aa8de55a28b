import type { Customer } from '../../customers/store.ts';
import { lenientIntent, type Intent } from '../../portal/intent.ts';
import { planFlow } from '../../portal/flow.ts';

/** The page that asks which, and goes on with the same intent. */
export function chooserFor(intent: Intent): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(intent)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size > 0 ? `/billing?${query.toString()}` : '/billing';
}

/** What the page asks: which of these customers or their subscriptions the intent is about. */
export type Choices = { intent: Intent; customers: Customer[]; flowUnavailable: boolean };

/**
 * Reads the page's address, which is only a wish: a customer in it counts as one of these, and
 * a flow that is possible with none of them is not asked about.
 */
export function choicesOf(query: Record<string, string>, customers: Customer[]): Choices {
  const intent = lenientIntent(query);
  const { flow, price, quantity, customer } = intent;
  if (flow === undefined) return { intent, customers, flowUnavailable: false };
  const chosen = customers.filter(({ id }) => id === customer);
  const candidates = chosen.length > 0 ? chosen : customers;
  const isPossible = candidates.some(({ subscriptions }) => {
    const plan = planFlow({ flow, price, quantity }, subscriptions, '/billing');
    return plan.kind !== 'unavailable';
  });
  if (isPossible) return { intent, customers: candidates, flowUnavailable: false };
  const home = { ...intent, flow: undefined };
  return { intent: home, customers, flowUnavailable: customers.length > 0 };
}
