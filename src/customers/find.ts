import { BillingError } from '../errors/billing-error.ts';
import { accountsOf, type Principal, type SubjectPrincipal } from '../identity/principal.ts';
import type { Customer } from './customer.ts';
import type { Consistency } from './database.ts';
import type { SearchSources } from './search.ts';

/**
 * The principal's customers. Replicas lag and webhooks can be late, so the answer is "none" only
 * after the primary and Stripe have both said so, and after the first fill: until then, Stripe may
 * know a customer by what its search does not see.
 *
 * @param first  where to look first: the nearest replica for a redirect, the primary for a page
 *   that shows what it finds
 * @throws BillingError of D1 or Stripe, `search_running` or `still_connecting`
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
  const { adoptCustomers, searchCustomers } = await import('./search.ts');
  const read = new Set(written.filter(({ isRead }) => isRead).map(({ id }) => id));
  const unread = written.map(({ id }) => id).filter((id) => !read.has(id));
  if (!('subject' in principal)) {
    const unknown = principal.customers.filter((id) => !read.has(id));
    await adoptCustomers(unknown, sources, now);
  } else if (unread.length > 0) await adoptCustomers(unread, sources, now);
  else await searchCustomers(principal, sources, now);
  const found = await find('primary');
  if (found.length === 0 && 'subject' in principal) await refuseWhileFilling(sources);
  return found;
}

/** Any customer will do for subjects; a principal that names customers has exactly those. */
function isComplete(found: Customer[], principal: Principal): boolean {
  if (!found.every(({ isRead }) => isRead)) return false;
  return 'subject' in principal
    ? found.length > 0
    : found.length === new Set(principal.customers).size;
}

/** Nobody reads that they bought nothing while D1 does not know yet what was bought. */
async function refuseWhileFilling({ stores, config }: SearchSources): Promise<void> {
  const { fillState } = await import('./fill.ts');
  if (fillState(await stores.cursors.read(config.livemode)) === 'complete') return;
  throw new BillingError('still_connecting', 'The first fill has not come to its end.');
}

const subjectsOf = (principal: SubjectPrincipal) =>
  accountsOf(principal).map(({ subject }) => subject);

/** The principal's customers as far as D1 knows them. Stripe is not asked. */
export async function knownCustomers(
  principal: Principal,
  { stores, config }: Pick<SearchSources, 'config' | 'stores'>,
  consistency: Consistency,
): Promise<Customer[]> {
  return 'subject' in principal
    ? stores.customers.findBySubjects(subjectsOf(principal), config.livemode, consistency)
    : stores.customers.findByIds(principal.customers, config.livemode, consistency);
}
