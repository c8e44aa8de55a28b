import type { Context } from 'hono';
import type { Customer } from '../customers/customer.ts';
import type { AppEnv } from '../http/context.ts';
import type { Principal } from '../identity/principal.ts';
import { isOwing, type Owed } from '../portal/due.ts';
import type { Visit } from '../portal/visit.ts';
import { findBillable, knownBillable, mayBill } from './billable.ts';
import { isSettled, lookUpOwed } from './owed.ts';
import { forgetPortalVisit, readPortalVisit, refresh } from './portal-visit.ts';

export type CurrentState = {
  customers: Customer[];
  /** By the customer's id; only of those that Stripe was asked about. */
  owed: ReadonlyMap<string, Owed>;
  /** The visit to Stripe that the visitor comes back from. */
  returned: Visit | undefined;
  /** The invoice is paid that they went to pay. */
  isSettled: boolean;
  /** False if a sync was needed and did not come in time. */
  isFresh: boolean;
};

/**
 * What the page shows of a principal's customers: what D1 has, synced first if the visitor comes
 * back from Stripe, and what is due at this moment.
 *
 * @throws BillingError of D1 or Stripe, `search_running` or `still_connecting`
 */
export async function currentState(
  c: Context<AppEnv>,
  principal: Principal,
  cameToPay: boolean,
  now: Date,
): Promise<CurrentState> {
  const { config } = c.get('services');
  const payers = (all: Customer[]) => all.filter((each) => mayBill(principal, each, config));
  const found = await findBillable(principal, c.get('services'), now, 'primary');
  const visit = readPortalVisit(c);
  const returned = visit && found.some(({ id }) => id === visit.customer) ? visit : undefined;
  const stale = returned?.customer ?? found.find((customer) => isOutdated(customer))?.id;
  const first =
    stale === undefined
      ? { customers: found, isFresh: true }
      : await refreshed(c, principal, stale, now);
  // The page shows what has changed once, as soon as it is known.
  if (visit && first.isFresh) forgetPortalVisit(c);
  const { customer = '', invoice } = returned ?? {};
  const [owed, settled] = await Promise.all([
    lookUpOwed(c, principal, payers(first.customers), cameToPay),
    invoice !== undefined && first.isFresh && isSettled(c, { customer, invoice }),
  ]);
  const behind = first.customers.find((each) => each.id !== stale && isBehind(each, owed));
  const state = behind ? await refreshed(c, principal, behind.id, now) : first;
  return { ...state, owed, returned, isSettled: settled };
}

async function refreshed(c: Context<AppEnv>, principal: Principal, customer: string, now: Date) {
  const isFresh = await refresh(c, customer, now);
  const customers = await knownBillable(principal, c.get('services'));
  return { customers, isFresh };
}

/** Whether a former release wrote it, which did not keep all that the page says. */
const isOutdated = ({ subscriptions }: Customer) => subscriptions.some(({ terms }) => !terms);

/**
 * D1 says that a payment is missing, and Stripe has no open invoice for it: somebody has just paid.
 * A subscription that is unpaid stays so, and its later invoices are drafts.
 */
function isBehind({ id, subscriptions }: Customer, owed: CurrentState['owed']): boolean {
  const due = owed.get(id);
  if (typeof due !== 'object') return false;
  return subscriptions.some(
    (each) =>
      isOwing(each) && each.status !== 'unpaid' && due.every((it) => it.subscription !== each.id),
  );
}
