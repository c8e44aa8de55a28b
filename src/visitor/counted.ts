import { nameOf, type Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';

export type Counted = Services & { countVisit: () => Promise<void> };

/** A visit counts once against the limit of sessions, however often it calls Stripe. */
export function countingOnce(services: Services, principal: Principal): Counted {
  let counting: Promise<void> | undefined;
  const countVisit = async () => (counting ??= services.limits.session(nameOf(principal)));
  return { ...services, countVisit };
}
