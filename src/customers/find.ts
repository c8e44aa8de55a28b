import type { Consistency } from './database.ts';
import { searchCustomers, type Claimant, type SearchSources } from './search.ts';
import type { Customer } from './store.ts';

/**
 * The claimant's customers. Replicas may lag and webhooks may be late, so nobody is told that
 * they have bought nothing before the primary and Stripe have said so too.
 *
 * @param first  where to look first: a redirect takes the nearest replica, and a page that shows
 *   what it finds the primary
 * @throws BillingError of D1 or Stripe
 */
export async function findCustomers(
  claimant: Claimant,
  sources: SearchSources,
  now: Date,
  first: Consistency = 'nearest',
): Promise<Customer[]> {
  const { customers, config } = sources;
  const find = async (consistency: Consistency) =>
    customers.findBySubject(claimant.subject, config.livemode, consistency);

  const nearest = first === 'nearest' ? await find('nearest') : [];
  if (nearest.length > 0) return nearest;
  const written = await find('primary');
  if (written.length > 0) return written;
  return (await searchCustomers(claimant, sources, now)) ? find('primary') : [];
}

export type Choice =
  | { kind: 'none' }
  | { kind: 'not_yours' }
  | { kind: 'one'; customer: Customer }
  | { kind: 'several'; customers: Customer[] };

/** Picks the customer that was asked for; another's id is answered like an unknown one. */
export function chooseCustomer(customers: Customer[], asked: string | undefined): Choice {
  const eligible = asked === undefined ? customers : customers.filter(({ id }) => id === asked);
  const [first] = eligible;
  if (!first) return { kind: customers.length === 0 ? 'none' : 'not_yours' };
  return eligible.length === 1
    ? { kind: 'one', customer: first }
    : { kind: 'several', customers: eligible };
}
