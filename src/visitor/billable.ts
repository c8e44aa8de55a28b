import type { Config } from '../config/config.ts';
import type { Customer } from '../customers/customer.ts';
import type { Consistency } from '../customers/database.ts';
import { findCustomers, knownCustomers } from '../customers/find.ts';
import { BillingError } from '../errors/billing-error.ts';
import { accountsOf, withAccounts, type Principal } from '../identity/principal.ts';
import { choosePortal, type Portal } from '../portal/portals.ts';
import type { Services } from '../services.ts';

type Rules = Pick<Config, 'billingRoles' | 'portals'>;

/** Whether these roles, where any are needed, are none of those that may bill. */
export const isRestricted = (roles: string[] | undefined, { billingRoles }: Rules): boolean =>
  roles !== undefined &&
  billingRoles.length > 0 &&
  !roles.some((role) => billingRoles.includes(role));

/** The portal that the principal gets for a customer; undefined if their role allows none. */
export function portalOf(
  principal: Principal,
  { subject, subscriptions }: Pick<Customer, 'subject' | 'subscriptions'>,
  config: Rules,
): Portal | undefined {
  const roles = rolesAt(principal, subject);
  return choosePortal(config.portals, {
    roles: roles ?? [],
    isRestricted: isRestricted(roles, config),
    subscriptions,
  });
}

/** Whether the principal may do more at a customer than look, as far as their role goes. */
export const mayBill = (principal: Principal, { subject }: Customer, config: Rules): boolean =>
  !isRestricted(rolesAt(principal, subject), config);

/** A customer is billed by the subject that it was found by. */
function rolesAt(principal: Principal, subject: string | null): string[] | undefined {
  if (!('subject' in principal)) return principal.roles;
  const account = accountsOf(principal).find((each) => each.subject === subject);
  return account ? account.roles : [];
}

/**
 * The principal's customers that their role lets them open. Organisations where it lets them open
 * nothing are not even looked up.
 *
 * @throws BillingError `role_not_allowed`, or as findCustomers does
 */
export async function findBillable(
  principal: Principal,
  services: Services,
  now: Date,
  first: Consistency,
): Promise<Customer[]> {
  const able = ableToOpen(principal, services.config);
  if (!able.principal) throw notAllowed();
  const found = await findCustomers(able.principal, services, now, first);
  const billable = found.filter((each) => portalOf(principal, each, services.config));
  const isRefused = able.isLess || found.length > 0;
  if (billable.length === 0 && isRefused) throw notAllowed();
  return billable;
}

/** The same as far as D1 knows them. Stripe is not asked. */
export async function knownBillable(principal: Principal, services: Services): Promise<Customer[]> {
  const able = ableToOpen(principal, services.config);
  const found = able.principal ? await knownCustomers(able.principal, services, 'primary') : [];
  return found.filter((each) => portalOf(principal, each, services.config));
}

/** The principal without the accounts where no portal can be theirs. */
function ableToOpen(
  principal: Principal,
  config: Rules,
): { principal: Principal | undefined; isLess: boolean } {
  const rules = config.portals.ruled.flatMap((portal) => portal.rules);
  const named = new Set(rules.flatMap((rule) => rule.roles ?? []));
  const mayOpen = ({ roles }: { roles?: string[] }) =>
    !isRestricted(roles, config) || roles?.some((role) => named.has(role)) === true;
  if (!('subject' in principal)) {
    return { principal: mayOpen(principal) ? principal : undefined, isLess: false };
  }
  const all = accountsOf(principal);
  const [account, ...others] = all.filter(mayOpen);
  const isLess = others.length + 1 < all.length;
  return { principal: account && withAccounts(principal, [account, ...others]), isLess };
}

const notAllowed = () =>
  new BillingError('role_not_allowed', 'The role of this principal may not bill.');
