import type { Stripe } from 'stripe';
import type { Subscription } from '../customers/customer.ts';
import { isCustomerGone, isForbidden, toBillingError } from '../stripe/faults.ts';

/** An invoice that is to be paid, as pages show it. */
export type Due = {
  id: string;
  number: string | null;
  /** What is left to pay, in the currency's smallest unit. */
  amount: number;
  currency: string;
  customer: string;
  subscription: string | undefined;
  createdAt: number;
  /** By when to pay an invoice that was sent, in Unix seconds; null if that has passed. */
  deadline: number | null;
  /** Since when it is due, if it has no deadline ahead. */
  since: number;
  /** When Stripe charges the payment method again, by itself. */
  triedAgainAt: number | null;
  /** A payment is on its way, and can take some days. */
  isOnItsWay: boolean;
};

/** Anyone with the address can see and pay the invoice: it is passed on and kept nowhere. */
export type OpenInvoice = Due & { address: string | null };

/** What a page knows of it: Stripe may not answer in time, and the key may lack the right. */
export type Owed = Due[] | 'unknown' | 'closed';

/** Whether Stripe has said that nothing is open. */
export const owesNothing = (owed: Owed | undefined): boolean =>
  typeof owed === 'object' && owed.length === 0;

export const dueIn = (owed: ReadonlyMap<string, Owed>): Due[] =>
  [...owed.values()].flatMap((each) => (typeof each === 'object' ? each : []));

// More open invoices than anyone has: Stripe lists the newest first.
const PAGE = 100;

const OWING = new Set(['past_due', 'incomplete', 'unpaid']);

/** Whether its status says that a payment is missing. */
export const isOwing = ({ status }: Pick<Subscription, 'status'>): boolean => OWING.has(status);

/** Whether there may be an invoice to pay. Otherwise Stripe need not be asked. */
export const mayOwe = (subscription: Pick<Subscription, 'status' | 'terms'>): boolean =>
  isOwing(subscription) || subscription.terms?.sendsInvoices === true;

export const byAge = (a: Due, b: Due): number => a.createdAt - b.createdAt;

/**
 * Asks Stripe for the customer's open invoices and, at the same time, for payments on their way:
 * an invoice stays open until its payment arrives.
 * https://docs.stripe.com/invoicing/integration/workflow-transitions
 *
 * @returns the oldest first; undefined if the key may not read invoices
 * @throws BillingError with a code of errors/codes/stripe.ts
 */
export async function readOwed(
  stripe: Stripe,
  customer: string,
  livemode: boolean,
  now: Date,
): Promise<OpenInvoice[] | undefined> {
  try {
    const [invoices, onTheirWay] = await Promise.all([
      stripe.invoices.list({ customer, status: 'open', limit: PAGE, expand: ['data.payments'] }),
      readPaymentsOnTheirWay(stripe, customer),
    ]);
    const due = invoices.data.filter(isToBePaid).toReversed();
    return due.map((each) => toOpenInvoice(each, customer, onTheirWay, now));
  } catch (error) {
    if (isForbidden(error)) return undefined;
    if (isCustomerGone(error)) return [];
    throw toBillingError(error, livemode);
  }
}

/**
 * Whether this invoice of the customer is paid. One that is not open any more can be void, too.
 *
 * @throws BillingError with a code of errors/codes/stripe.ts
 */
export async function isPaid(
  stripe: Stripe,
  { invoice, customer }: { invoice: string; customer: string },
  livemode: boolean,
): Promise<boolean> {
  try {
    const found = await stripe.invoices.retrieve(invoice);
    return found.status === 'paid' && idOf(found.customer ?? undefined) === customer;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw toBillingError(error, livemode);
  }
}

/** The ids of payments that a bank is working on. None are known without the right to read them. */
async function readPaymentsOnTheirWay(stripe: Stripe, customer: string): Promise<Set<string>> {
  try {
    const { data } = await stripe.paymentIntents.list({ customer, limit: PAGE });
    return new Set(data.filter(({ status }) => status === 'processing').map(({ id }) => id));
  } catch (error) {
    if (isForbidden(error)) return new Set();
    throw error;
  }
}

/** Not while Stripe is still to charge it for the first time, all by itself. */
function isToBePaid(invoice: Stripe.Invoice): boolean {
  const { amount_remaining: rest, attempted, next_payment_attempt: next } = invoice;
  return rest > 0 && (attempted || next === null);
}

function toOpenInvoice(
  invoice: Stripe.Invoice,
  customer: string,
  onTheirWay: Set<string>,
  now: Date,
): OpenInvoice {
  const { due_date: deadline } = invoice;
  const isMissed = deadline !== null && deadline * 1000 < now.getTime();
  return {
    id: invoice.id,
    number: invoice.number,
    amount: invoice.amount_remaining,
    currency: invoice.currency,
    customer,
    subscription: idOf(invoice.parent?.subscription_details?.subscription),
    createdAt: invoice.created,
    deadline: isMissed ? null : deadline,
    since: isMissed ? deadline : (invoice.effective_at ?? invoice.created),
    triedAgainAt: invoice.next_payment_attempt,
    isOnItsWay: (invoice.payments?.data ?? []).some(({ payment }) =>
      onTheirWay.has(idOf(payment.payment_intent) ?? ''),
    ),
    address: invoice.hosted_invoice_url ?? null,
  };
}

const idOf = (it: string | { id: string } | undefined) => (typeof it === 'object' ? it.id : it);
