import type { Config } from '../config/config.ts';
import type { Customer } from '../customers/customer.ts';
import type { Consistency } from '../customers/database.ts';
import { findCustomers, knownCustomers } from '../customers/find.ts';
import { BillingError } from '../errors/billing-error.ts';
import { accountsOf, withAccounts, type Principal } from '../identity/principal.ts';
import { choosePortal, dependsOnSubscriptions, type Portal } from '../portal/portals.ts';
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
  const { config } = services;
  const able = requireAble(principal, config);
  // A replica may lack what the rules look at.
  const consistency = dependsOnSubscriptions(config.portals) ? 'primary' : first;
  const found = await findCustomers(able, services, now, consistency);
  const billable = found.filter((each) => portalOf(principal, each, config));
  if (billable.length === 0 && (found.length > 0 || isLimited(principal, config))) {
    throw notAllowed(config);
  }
  return billable;
}

/** The same as far as D1 knows them. Stripe is not asked. */
export async function knownBillable(principal: Principal, services: Services): Promise<Customer[]> {
  const able = ableToOpen(principal, services.config);
  const found = able ? await knownCustomers(able, services, 'primary') : [];
  return found.filter((each) => portalOf(principal, each, services.config));
}

/**
 * The principal without the accounts where no portal can be theirs.
 *
 * @throws BillingError `role_not_allowed` if none is left
 */
export function requireAble(principal: Principal, config: Config): Principal {
  const able = ableToOpen(principal, config);
  if (!able) throw notAllowed(config);
  return able;
}

/** Whether the principal has an account where their role lets them open nothing. */
export function isLimited(principal: Principal, config: Config): boolean {
  const able = ableToOpen(principal, config);
  if (!able || !('subject' in principal) || !('subject' in able)) return !able;
  return accountsOf(able).length < accountsOf(principal).length;
}

function ableToOpen(principal: Principal, config: Config): Principal | undefined {
  const rules = config.portals.ruled.flatMap((portal) => portal.rules);
  const named = new Set(rules.flatMap((rule) => rule.roles ?? []));
  const mayOpen = ({ roles }: { roles?: string[] }) =>
    !isRestricted(roles, config) || roles?.some((role) => named.has(role)) === true;
  if (!('subject' in principal)) return mayOpen(principal) ? principal : undefined;
  const [account, ...others] = accountsOf(principal).filter(mayOpen);
  return account && withAccounts(principal, [account, ...others]);
}

/** Says who to ask, for clients of the API as well. */
export function notAllowed({ billingContact, supportUrl }: Config): BillingError {
  const contact = (billingContact ?? supportUrl)?.replace(/^mailto:/, '');
  return new BillingError('role_not_allowed', 'The role of this principal may not bill.', {
    ...(contact !== undefined && {
      detail: `The role of this person does not include billing. Who manages billing: ${contact}`,
    }),
  });
}
