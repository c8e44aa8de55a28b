import type { Context } from 'hono';
import type { Customer } from '../../customers/customer.ts';
import type { AppEnv } from '../../http/context.ts';
import { askedLocale } from '../../http/language.ts';
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
  const { config } = c.get('services');
  const portalFor = (customer: Customer) =>
    portalOf(principal, customer, config) ?? config.portals.fallback;
  return !isKnown || isPossible({ ...intent, flow }, customers, portalFor) ? flow : undefined;
}
