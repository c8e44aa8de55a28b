import { knownCustomers } from '../customers/find.ts';
import { subjectOf, type Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';

/** Whether everything that `named` opens belongs to `principal`, too. Asks D1's primary. */
export async function covers(
  principal: Principal,
  named: Principal,
  services: Pick<Services, 'config' | 'stores'>,
): Promise<boolean> {
  if ('subject' in named && named.subject === subjectOf(principal)) return true;
  if ('subject' in named && 'subject' in principal) return false;
  const own = new Set(await idsOf(principal, services));
  const asked = 'customers' in named ? named.customers : await idsOf(named, services);
  return asked.length > 0 && asked.every((id) => own.has(id));
}

async function idsOf(
  principal: Principal,
  services: Pick<Services, 'config' | 'stores'>,
): Promise<string[]> {
  if ('customers' in principal) return principal.customers;
  return (await knownCustomers(principal, services, 'primary')).map(({ id }) => id);
}
