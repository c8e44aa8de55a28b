import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { invoiceOf } from './invoice-amounts.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { newId } from '../identifiers.ts';
import { oneOf, string } from '../protocol/parameters.ts';
import { pagination } from '../protocol/common-parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Invoice, Subscription } from '../objects.ts';
import type { State } from '../state.ts';

const path = '/v1/invoices';
const listParameters = {
  ...pagination,
  customer: string,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: string,
};

/** The first invoice of each subscription, paid unless it is sent. No other is made here. */
export const invoices: readonly Endpoint[] = [
  endpoint<Stripe.InvoiceListParams>()({
    method: 'GET',
    path,
    permission: 'rak_invoice_read',
    parameters: listParameters,
    unmodelled: { collection_method: true, created: true, customer_account: true, due_date: true },
    returns: 'list:invoice',
    answer({ state, livemode, parameters }) {
      const { customer, status, subscription } = parameters;
      const found = newestFirst(state.invoices.values(), livemode)
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => status === undefined || each.status === status)
        .filter(({ parent }) => {
          const owner = parent.subscription_details.subscription;
          return subscription === undefined || owner === subscription;
        });
      return paginate(found, parameters, 'invoice', path);
    },
  }),
  endpoint<Stripe.InvoiceRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_invoice_read',
    parameters: {},
    unmodelled: {},
    returns: 'invoice',
    answer: ({ state, livemode, id }) => find(state.invoices, livemode, 'invoice', id),
  }),
];

/** Bills a subscription for its present period. */
export function bill(state: State, subscription: Subscription): Invoice {
  const { collection_method: collection, days_until_due: days, livemode } = subscription;
  const customer = state.customers.get(subscription.customer);
  const now = state.seconds();
  const amounts = invoiceOf(state, subscription);
  const isSent = collection === 'send_invoice' && amounts.total > 0;
  const paid = isSent ? 0 : amounts.total;
  const invoice: Invoice = {
    ...unchanging,
    id: newId('in'),
    object: 'invoice',
    amount_due: amounts.total,
    amount_paid: paid,
    amount_remaining: amounts.total - paid,
    attempt_count: isSent ? 0 : 1,
    attempted: !isSent,
    automatic_tax: { ...subscription.automatic_tax, provider: null, status: null },
    collection_method: collection,
    created: now,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    default_tax_rates: subscription.default_tax_rates,
    discounts: [...subscription.discounts],
    due_date: isSent ? now + (days ?? 30) * 86_400 : null,
    effective_at: now,
    hosted_invoice_url: `https://invoice.stripe.com/i/${state.account}/${newId('test')}`,
    livemode,
    number: `STANDIN-${String(state.invoices.size + 1).padStart(4, '0')}`,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    period_end: now,
    period_start: now,
    status: isSent ? 'open' : 'paid',
    status_transitions: {
      finalized_at: now,
      marked_uncollectible_at: null,
      paid_at: isSent ? null : now,
      voided_at: null,
    },
    subtotal: amounts.subtotal,
    total: amounts.total,
  };
  state.invoices.set(invoice.id, invoice);
  return invoice;
}

/** Lets the latest invoice stay unpaid beyond its due date, or a charge for it fail. */
export function leaveUnpaid(state: State, { latest_invoice: id }: Subscription): void {
  const invoice = id === null ? undefined : state.invoices.get(id);
  if (!invoice) throw new Error('The stand-in has not billed this subscription.');
  const { total, status_transitions: moments, collection_method: collection } = invoice;
  const isSent = collection === 'send_invoice';
  Object.assign(invoice, {
    amount_paid: 0,
    amount_remaining: total,
    due_date: isSent ? state.seconds() - 86_400 : null,
    status: 'open',
    status_transitions: { ...moments, paid_at: null },
  });
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  account_country: 'US',
  account_name: 'Stand-in',
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  auto_advance: false,
  automatically_finalizes_at: null,
  billing_reason: 'subscription_create',
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  description: null,
  ending_balance: 0,
  footer: null,
  from_invoice: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  metadata: {},
  next_payment_attempt: null,
  on_behalf_of: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  test_clock: null,
  webhooks_delivered_at: null,
} satisfies Partial<Invoice>;
