import { knownCustomers } from '../customers/find.ts';
import { accountsOf, type Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';
import { isRestricted, knownBillable, mayBill } from './billable.ts';

/** Whether the principal may bill for everything that `named` opens. Asks D1's primary. */
export async function covers(
  principal: Principal,
  named: Principal,
  services: Services,
): Promise<boolean> {
  const own = accountsIn(principal).filter(({ roles }) => !isRestricted(roles, services.config));
  if ('subject' in named && own.some(({ subject }) => subject === named.subject)) return true;
  if (own.length === 0 || ('subject' in named && 'subject' in principal)) return false;
  const ids = new Set(await billableIds(principal, services));
  const asked = 'customers' in named ? named.customers : await knownIds(named, services);
  return asked.length > 0 && asked.every((id) => ids.has(id));
}

/** A token can name a customer and whose it is. A link names no one else. */
function accountsIn(principal: Principal): { subject: string | undefined; roles?: string[] }[] {
  if ('subject' in principal) return accountsOf(principal);
  const { owner: subject, roles } = principal;
  return [{ subject, ...(roles && { roles }) }];
}

async function billableIds(principal: Principal, services: Services): Promise<string[]> {
  if ('customers' in principal) return principal.customers;
  const billable = await knownBillable(principal, services);
  return billable.filter((each) => mayBill(principal, each, services.config)).map(({ id }) => id);
}

async function knownIds(named: Principal, services: Services): Promise<string[]> {
  return (await knownCustomers(named, services, 'primary')).map(({ id }) => id);
}
