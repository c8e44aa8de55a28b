import type { Customer, CustomerStore } from './store.ts';

/**
 * The subject's customers, from the nearest replica. Replicas may lag, so nobody is told that
 * they have bought nothing before the primary has said so too.
 */
export async function findCustomers(
  subject: string,
  livemode: boolean,
  store: Pick<CustomerStore, 'findBySubject'>,
): Promise<Customer[]> {
  const nearest = await store.findBySubject(subject, livemode, 'nearest');
  return nearest.length > 0 ? nearest : store.findBySubject(subject, livemode, 'primary');
}

export type Choice =
  | { kind: 'none' }
  | { kind: 'one'; customer: Customer }
  | { kind: 'several'; customers: Customer[] };

/** Picks the customer that was asked for; another's id is answered like an unknown one. */
export function chooseCustomer(customers: Customer[], asked: string | undefined): Choice {
  const eligible = asked === undefined ? customers : customers.filter(({ id }) => id === asked);
  const [first] = eligible;
  if (!first) return { kind: 'none' };
  return eligible.length === 1
    ? { kind: 'one', customer: first }
    : { kind: 'several', customers: eligible };
}
