import type { Customer } from '../customers/customer.ts';
import { dueIn, type Owed } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';

/** The ids that a page was asked for, as fields: those of the visitor's own things only. */
export function ownIds(
  { customer, subscription, invoice }: Intent,
  customers: Customer[],
  owed: ReadonlyMap<string, Owed>,
): [string, string][] {
  const own = new Set([
    ...customers.flatMap(({ id, subscriptions }) => [id, ...subscriptions.map((each) => each.id)]),
    ...dueIn(owed).map(({ id }) => id),
  ]);
  const asked = Object.entries({ customer, subscription, invoice });
  return asked.flatMap(([name, id]): [string, string][] =>
    id !== undefined && own.has(id) ? [[name, id]] : [],
  );
}
