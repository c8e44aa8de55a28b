import { eligibleCustomers } from '../customers/choose.ts';
import type { Customer } from '../customers/customer.ts';
import { BillingError } from '../errors/billing-error.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import { byAge, mayOwe, readOwed, type OpenInvoice } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { invoicePage, payableOf } from '../portal/pay.ts';
import type { Services } from '../services.ts';
import { findBillable, mayBill, requireAble } from './billable.ts';

/** More billing accounts than anyone pays for at once: each costs a question to Stripe. */
export const MOST_CUSTOMERS = 5;

export type PaymentRequest = {
  principal: Principal;
  intent: Pick<Intent, 'customer' | 'subscription' | 'invoice'>;
  ifSeveral: 'ask' | 'oldest';
  /** What the visit counts as, against the limit of sessions; default: the principal. */
  countedAs?: string;
};

export type PaymentOutcome =
  /** The page of the invoice: a key to it, to be passed on at once. */
  | {
      kind: 'opened';
      url: string;
      customer: Customer;
      invoice: string;
      flowUnavailable: false;
    }
  | { kind: 'which_invoice'; ids: string[] }
  /** Nothing is open, or what is open is being paid. */
  | { kind: 'nothing_due' }
  /**
   * No invoice can be opened: the key lacks the right, the account has no such pages, or there are
   * more customers than can be asked about.
   */
  | { kind: 'closed' };

/**
 * From a principal to the page of an invoice that is due at this moment, of any of the
 * principal's customers. The way that the link, the button, signed links and the API share.
 *
 * @throws BillingError `customer_not_found`, `customer_not_yours`, `rate_limited`, or a fault of
 *   D1 or Stripe
 */
export async function openInvoice(
  services: Services,
  { principal, intent, ifSeveral, countedAs = nameOf(principal) }: PaymentRequest,
  now: Date,
): Promise<PaymentOutcome> {
  requireAble(principal, services.config);
  await services.limits.session(countedAs);
  const { customers, open } = await readOpen(services, principal, intent, now);
  if (!open) return { kind: 'closed' };
  const payable = payableOf(open, intent);
  const [invoice, ...others] = payable;
  if (!invoice) return { kind: 'nothing_due' };
  if (others.length > 0 && ifSeveral === 'ask') {
    return { kind: 'which_invoice', ids: payable.map(({ id }) => id) };
  }
  const url = invoicePage(invoice, services.config.stripe.apiBase);
  const customer = customers.find(({ id }) => id === invoice.customer);
  if (url === null || !customer) return { kind: 'closed' };
  return { kind: 'opened', url, customer, invoice: invoice.id, flowUnavailable: false };
}

/** Those that D1 has a reason to ask about come first, as only some are asked about. */
export const owingFirst = (customers: Customer[], subscription?: string): Customer[] => {
  const rank = ({ subscriptions }: Customer) =>
    subscriptions.some(({ id }) => id === subscription) ? 2 : Number(subscriptions.some(mayOwe));
  return customers.toSorted((a, b) => rank(b) - rank(a));
};

/**
 * The open invoices of the principal's customers, the oldest first; undefined if the key may not
 * read them, or if none is open and not all customers were asked about. Stripe is asked even where
 * D1 knows of nothing due: a webhook may be late, and a subscription that has ended can leave an
 * invoice behind.
 */
export async function readOpen(
  services: Services,
  principal: Principal,
  { customer, subscription }: { customer?: string | undefined; subscription?: string | undefined },
  now: Date,
): Promise<{ customers: Customer[]; open: OpenInvoice[] | undefined }> {
  const { stripe, config } = services;
  const billable = await findBillable(principal, services, now, 'primary');
  const found = billable.filter((each) => mayBill(principal, each, config));
  // At these, they may only look: the portal shows them the invoices.
  const isReader = billable.some(
    (each) => !found.includes(each) && (customer ?? each.id) === each.id,
  );
  if (isReader && (found.length === 0 || customer !== undefined)) {
    return { customers: [], open: undefined };
  }
  if (found.length === 0) throw new BillingError('customer_not_found', 'Nobody is to be billed.');
  const eligible = owingFirst(eligibleCustomers(found, { customer }), subscription);
  const customers = eligible.slice(0, MOST_CUSTOMERS);
  if (customers.length === 0) {
    throw new BillingError('customer_not_yours', 'The subject has no such customer.');
  }
  const all = await Promise.all(
    customers.map(async ({ id }) => readOwed(stripe, id, config.livemode, now)),
  );
  const known = all.filter((invoices) => invoices !== undefined);
  const open = known.flat().toSorted(byAge);
  const isCertain = open.length > 0 || customers.length === eligible.length;
  return { customers, open: known.length === all.length && isCertain ? open : undefined };
}
