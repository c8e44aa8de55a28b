import type { Context } from 'hono';
import { chooseCustomer } from '../../customers/choose.ts';
import type { Customer } from '../../customers/customer.ts';
import type { AppEnv } from '../../http/context.ts';
import { askedLocale } from '../../http/language.ts';
import type { Principal } from '../../identity/principal.ts';
import type { Link } from '../../links/link.ts';
import { lenientIntent, withIntent, type Goal, type Intent } from '../../portal/intent.ts';
import { portalOf } from '../../visitor/billable.ts';
import { isPossible } from './chooser.ts';

/** The intent is the link's. The form only says which of several customers. */
export function intentOf(c: Context<AppEnv>, link: Link, customer: unknown): Intent {
  const { flow, returnTo, intent } = link;
  const chosen = customer === undefined ? {} : { customer };
  const locale = askedLocale(c);
  return lenientIntent({ flow, return_to: returnTo, locale, ...intent, ...chosen });
}

/** The permanent link to the same, for somebody who signs in instead. */
export const permanentFor = (c: Context<AppEnv>, link: Link): string =>
  withIntent('/billing/manage', intentOf(c, link, undefined));

/** What the link's page says that it opens: not a flow for which D1 knows no use. */
export function goalOf(
  c: Context<AppEnv>,
  { principal }: Link,
  { flow, ...intent }: Intent,
  customers: Customer[],
): Goal | undefined {
  if (flow === undefined || flow === 'pay') return flow;
  const isKnown = customers.length > 0 && customers.every(({ isRead }) => isRead);
  const portalFor = portalsOf(c, principal);
  return !isKnown || isPossible({ ...intent, flow }, customers, portalFor) ? flow : undefined;
}

/**
 * The customers to choose from. A mailed link can leave out those whose goal D1 knows to be
 * impossible: D1 may be late, and the page has a button for the home of all. People who came to pay
 * choose an invoice instead, of any customer.
 */
export function askedAbout(
  c: Context<AppEnv>,
  { principal, method }: Link,
  { flow, ...intent }: Intent,
  known: Customer[],
): Customer[] {
  if (flow === 'pay') return [];
  if (method !== 'email') return known;
  const choice = chooseCustomer(known, intent);
  if (choice.kind === 'one') return [choice.customer];
  if (choice.kind !== 'several' || flow === undefined) return known;
  const portalFor = portalsOf(c, principal);
  const possible = known.filter(
    (each) => !each.isRead || !each.isSynced || isPossible({ ...intent, flow }, [each], portalFor),
  );
  return possible.length > 0 ? possible : known;
}

function portalsOf(c: Context<AppEnv>, principal: Principal) {
  const { config } = c.get('services');
  return (customer: Customer) => portalOf(principal, customer, config) ?? config.portals.fallback;
}
