import type { Principal } from '../identity/principal.ts';
import type { Customer } from './customer.ts';
import type { Consistency } from './database.ts';
import { adoptCustomers, searchCustomers, type SearchSources } from './search.ts';

/**
 * The principal's customers. Replicas lag and webhooks can be late, so the answer is "none" only
 * after the primary and Stripe have both said so.
 *
 * @param first  where to look first: the nearest replica for a redirect, the primary for a page
 *   that shows what it finds
 * @throws BillingError of D1 or Stripe, or `search_running`
 */
export async function findCustomers(
  principal: Principal,
  sources: SearchSources,
  now: Date,
  first: Consistency = 'nearest',
): Promise<Customer[]> {
  const find = async (consistency: Consistency) => knownCustomers(principal, sources, consistency);

  const nearest = first === 'nearest' ? await find('nearest') : [];
  if (isComplete(nearest, principal)) return nearest;
  const written = await find('primary');
  if (isComplete(written, principal)) return written;
  if ('subject' in principal) {
    await searchCustomers(principal, sources, now);
  } else {
    const known = new Set(written.map(({ id }) => id));
    const unknown = principal.customers.filter((id) => !known.has(id));
    await adoptCustomers(unknown, sources, now);
  }
  return find('primary');
}

/** Any customer will do for a subject; a principal that names customers has exactly those. */
function isComplete(found: Customer[], principal: Principal): boolean {
  return 'subject' in principal
    ? found.length > 0
    : found.length === new Set(principal.customers).size;
}

/** The principal's customers as far as D1 knows them. Stripe is not asked. */
export async function knownCustomers(
  principal: Principal,
  { stores, config }: Pick<SearchSources, 'config' | 'stores'>,
  consistency: Consistency,
): Promise<Customer[]> {
  return 'subject' in principal
    ? stores.customers.findBySubject(principal.subject, config.livemode, consistency)
    : stores.customers.findByIds(principal.customers, config.livemode, consistency);
}
