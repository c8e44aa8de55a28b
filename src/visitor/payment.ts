import { eligibleCustomers } from '../customers/choose.ts';
import type { Customer } from '../customers/customer.ts';
import { findCustomers } from '../customers/find.ts';
import { BillingError } from '../errors/billing-error.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import { byAge, readOwed, type OpenInvoice } from '../portal/due.ts';
import type { Intent } from '../portal/intent.ts';
import { invoicePage, payableOf } from '../portal/pay.ts';
import type { Services } from '../services.ts';

/** More billing accounts than anyone pays for at once: each costs a question to Stripe. */
export const MOST_CUSTOMERS = 5;

export type PaymentRequest = {
  principal: Principal;
  intent: Pick<Intent, 'customer' | 'subscription' | 'invoice'>;
  ifSeveral: 'ask' | 'oldest';
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
  /** No invoice can be opened: the key lacks the right, or the account has no such pages. */
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
  { principal, intent, ifSeveral }: PaymentRequest,
  now: Date,
): Promise<PaymentOutcome> {
  await services.limits.session(nameOf(principal));
  const { customers, open } = await readOpen(services, principal, intent.customer, now);
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

/**
 * The open invoices of the principal's customers, the oldest first; undefined if the key may not
 * read them. Stripe is asked even where D1 knows of nothing due: a webhook may be late, and a
 * subscription that has ended can leave an invoice behind.
 */
export async function readOpen(
  services: Services,
  principal: Principal,
  wanted: string | undefined,
  now: Date,
): Promise<{ customers: Customer[]; open: OpenInvoice[] | undefined }> {
  const { stripe, config } = services;
  const found = await findCustomers(principal, services, now, 'primary');
  if (found.length === 0) throw new BillingError('customer_not_found', 'Nobody is to be billed.');
  const customers = eligibleCustomers(found, { customer: wanted }).slice(0, MOST_CUSTOMERS);
  if (customers.length === 0) {
    throw new BillingError('customer_not_yours', 'The subject has no such customer.');
  }
  const all = await Promise.all(
    customers.map(async ({ id }) => readOwed(stripe, id, config.livemode)),
  );
  const known = all.filter((invoices) => invoices !== undefined);
  return { customers, open: known.length < all.length ? undefined : known.flat().toSorted(byAge) };
}
