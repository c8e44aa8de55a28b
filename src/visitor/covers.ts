import { knownCustomers } from '../customers/find.ts';
import type { Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';

/** Whether everything that `named` opens belongs to `principal`, too. Asks D1's primary. */
export async function covers(
  principal: Principal,
  named: Principal,
  services: Pick<Services, 'config' | 'stores'>,
): Promise<boolean> {
  if ('subject' in named) return 'subject' in principal && principal.subject === named.subject;
  const own = await knownCustomers(principal, services, 'primary');
  return named.customers.every((id) => own.some((customer) => customer.id === id));
}
