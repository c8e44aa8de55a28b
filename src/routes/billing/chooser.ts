import { eligibleCustomers } from '../../customers/choose.ts';
import type { Customer } from '../../customers/customer.ts';
import { dueIn, type Owed } from '../../portal/due.ts';
import { payableOf } from '../../portal/pay.ts';
import { lenientIntent, type Intent } from '../../portal/intent.ts';
import { mayHave, type Portal } from '../../portal/portals.ts';
import { planFlow, type Flow } from '../../portal/flow.ts';

/** What the page asks: which of these customers, or of their subscriptions. */
export type Choices = { intent: Intent; customers: Customer[]; flowUnavailable: boolean };

/**
 * Reads the page's address. A customer in it counts only if it is one of these, and a flow only
 * if it is possible for one of them. Those who owe come first.
 */
export function choicesOf(
  query: Record<string, string>,
  all: Customer[],
  owed: ReadonlyMap<string, Owed>,
  portalFor: (customer: Customer) => Portal,
): Choices {
  const payable = payableOf(dueIn(owed));
  const owes = ({ id }: Customer) => Number(payable.some(({ customer }) => customer === id));
  const customers = all.toSorted((a, b) => owes(b) - owes(a));
  const intent = lenientIntent(query);
  const { flow } = intent;
  if (flow === undefined) return { intent, customers, flowUnavailable: false };
  if (flow === 'pay') {
    const asked = { ...intent, flow: payable.length > 0 ? flow : undefined };
    return { intent: asked, customers, flowUnavailable: false };
  }
  const eligible = eligibleCustomers(customers, intent);
  const candidates = eligible.length > 0 ? eligible : customers;
  if (isPossible({ ...intent, flow }, candidates, portalFor))
    return { intent, customers: candidates, flowUnavailable: false };
  const home = { ...intent, flow: undefined };
  return { intent: home, customers, flowUnavailable: customers.length > 0 };
}

/** Whether a flow is possible for one of these customers. */
export function isPossible(
  { flow, price, quantity }: Intent & { flow: Flow },
  customers: Customer[],
  portalFor: (customer: Customer) => Portal,
): boolean {
  return customers.some((customer) => {
    const plan = planFlow({ flow, price, quantity }, customer.subscriptions, '/billing');
    return plan.kind !== 'unavailable' && mayHave(portalFor(customer), flow);
  });
}
