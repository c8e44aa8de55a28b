import type { Consistency } from './database.ts';
import {
  adoptCustomers,
  searchCustomers,
  type Claimant,
  type Named,
  type SearchSources,
} from './search.ts';
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
  claimant: Claimant | Named,
  sources: SearchSources,
  now: Date,
  first: Consistency = 'nearest',
): Promise<Customer[]> {
  const find = async (consistency: Consistency) => knownCustomers(claimant, sources, consistency);

  const nearest = first === 'nearest' ? await find('nearest') : [];
  if (isComplete(nearest, claimant)) return nearest;
  const written = await find('primary');
  if (isComplete(written, claimant)) return written;
  if ('subject' in claimant) {
    await searchCustomers(claimant, sources, now);
  } else {
    const known = new Set(written.map(({ id }) => id));
    const unknown = claimant.customers.filter((id) => !known.has(id));
    await adoptCustomers(unknown, sources, now);
  }
  return find('primary');
}

/** A subject has as many customers as D1 knows, if any; who is named by ids has all of them. */
function isComplete(found: Customer[], claimant: Claimant | Named): boolean {
  return 'subject' in claimant
    ? found.length > 0
    : found.length === new Set(claimant.customers).size;
}

/** The claimant's customers as far as D1 knows them; Stripe is not asked. */
export async function knownCustomers(
  claimant: Claimant | Named,
  { customers, config }: Pick<SearchSources, 'config' | 'customers'>,
  consistency: Consistency,
): Promise<Customer[]> {
  return 'subject' in claimant
    ? customers.findBySubject(claimant.subject, config.livemode, consistency)
    : customers.findByIds(claimant.customers, config.livemode, consistency);
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
