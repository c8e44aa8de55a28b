import type { Stripe } from 'stripe';
import { boolean, integer, oneOf, required, string, text } from '../protocol/parameters.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { emit } from '../protocol/emit.ts';
import { finalize, settle } from './invoice-changes.ts';
import { find } from '../protocol/find.ts';
import { invalid } from '../protocol/errors.ts';
import { invoiceOf } from './invoice-amounts.ts';
import { isWithin, mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { livingCustomer } from './customers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { newId } from '../identifiers.ts';
import { pagination, range } from '../protocol/common-parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Customer, Invoice, Subscription } from '../objects.ts';
import type { State } from '../state.ts';

const path = '/v1/invoices';
const DAY = 86_400;
const collectionMethod = oneOf('charge_automatically', 'send_invoice');
const listParameters = {
  ...pagination,
  collection_method: collectionMethod,
  created: range,
  customer: string,
  due_date: range,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: string,
};

/** Subscriptions are billed when they begin, and again when a test says so. */
export const invoices: readonly Endpoint[] = [
  endpoint<Stripe.InvoiceListParams>()({
    method: 'GET',
    path,
    permission: 'rak_invoice_read',
    parameters: listParameters,
    unmodelled: { customer_account: true },
    returns: 'list:invoice',
    answer({ state, livemode, parameters }) {
      const { collection_method: collection, customer, status, subscription } = parameters;
      if (customer !== undefined) {
        find(state.customers, livemode, 'customer', customer, 'customer');
      }
      const found = newestFirst(state.invoices.values(), livemode)
        .filter((each) => customer === undefined || each.customer === customer)
        .filter((each) => status === undefined || each.status === status)
        .filter((each) => collection === undefined || each.collection_method === collection)
        .filter(({ created }) => isWithin(created, parameters.created))
        .filter(({ due_date: due }) => !parameters.due_date || isDue(due, parameters.due_date))
        .filter(({ parent }) => {
          const owner = parent?.subscription_details.subscription;
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
  endpoint<Stripe.InvoiceCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_invoice_write',
    parameters: {
      auto_advance: boolean,
      collection_method: collectionMethod,
      currency: string,
      customer: required(string),
      days_until_due: integer(),
      description: text(),
      metadata,
    },
    unmodelled: {
      account_tax_ids: true,
      application_fee_amount: true,
      automatic_tax: true,
      automatically_finalizes_at: true,
      custom_fields: true,
      customer_account: true,
      default_payment_method: true,
      default_source: true,
      default_tax_rates: true,
      discounts: true,
      due_date: true,
      effective_at: true,
      footer: true,
      from_invoice: true,
      issuer: true,
      number: true,
      on_behalf_of: true,
      payment_settings: true,
      pending_invoice_items_behavior: true,
      rendering: true,
      shipping_cost: true,
      shipping_details: true,
      statement_descriptor: true,
      subscription: true,
      transfer_data: true,
    },
    returns: 'invoice',
    answer(call) {
      const { parameters: given, state, livemode } = call;
      const { collection_method: collection, days_until_due: days } = given;
      if ((collection === 'send_invoice') !== (days !== undefined)) {
        throw invalid('days_until_due', 'Use days_until_due with send_invoice, and only then.');
      }
      const customer = livingCustomer(state, livemode, given.customer, 'customer');
      const invoice = draft(state, customer, {
        auto_advance: given.auto_advance ?? false,
        billing_reason: 'manual',
        collection_method: collection ?? 'charge_automatically',
        currency: given.currency ?? 'usd',
        description: given.description ?? null,
        due_date: days === undefined ? null : state.seconds() + days * DAY,
        metadata: mergeMetadata({}, given.metadata),
      });
      emit(call, 'invoice.created', invoice);
      return invoice;
    },
  }),
];

const isDue = (due: number | null, bounds: Parameters<typeof isWithin>[1]) =>
  due !== null && isWithin(due, bounds);

/**
 * Bills a subscription for its present period. The invoice is paid unless it is sent, or the
 * subscription waits for its first payment.
 */
export function bill(state: State, subscription: Subscription): Invoice {
  const { collection_method: collection, days_until_due: days } = subscription;
  const customer = state.customers.get(subscription.customer);
  if (!customer) throw new Error('The stand-in has no such customer.');
  const { subtotal, total } = invoiceOf(state, subscription);
  const isSent = collection === 'send_invoice' && total > 0;
  const invoice = draft(state, customer, {
    amount_due: total,
    amount_remaining: total,
    automatic_tax: { ...subscription.automatic_tax, provider: null, status: null },
    collection_method: collection,
    currency: subscription.currency,
    default_tax_rates: subscription.default_tax_rates,
    discounts: [...subscription.discounts],
    due_date: isSent ? state.seconds() + (days ?? 30) * DAY : null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    },
    subtotal,
    total,
  });
  const actor = { state, request: null };
  finalize(actor, invoice);
  const waits = isSent || subscription.status === 'incomplete';
  if (!waits && invoice.status === 'open') settle(actor, invoice);
  return invoice;
}

function draft(state: State, customer: Customer, more: Partial<Invoice>): Invoice {
  const now = state.seconds();
  const invoice: Invoice = {
    ...unchanging,
    id: newId('in'),
    object: 'invoice',
    created: now,
    currency: 'usd',
    customer: customer.id,
    customer_email: customer.email,
    customer_name: customer.name,
    livemode: customer.livemode,
    period_end: now,
    period_start: now,
    ...more,
  };
  state.invoices.set(invoice.id, invoice);
  return invoice;
}

// Present in every answer of Stripe's, and never anything else unless it is said above.
const unchanging = {
  account_country: 'US',
  account_name: 'Stand-in',
  account_tax_ids: null,
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  application: null,
  attempt_count: 0,
  attempted: false,
  auto_advance: false,
  automatic_tax: {
    disabled_reason: null,
    enabled: false,
    liability: null,
    provider: null,
    status: null,
  },
  automatically_finalizes_at: null,
  billing_reason: 'subscription_create',
  collection_method: 'charge_automatically',
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: 'none',
  customer_tax_ids: [],
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  issuer: { type: 'self' },
  last_finalization_error: null,
  latest_revision: null,
  metadata: {},
  next_payment_attempt: null,
  number: null,
  on_behalf_of: null,
  parent: null,
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
  status: 'draft',
  status_transitions: {
    finalized_at: null,
    marked_uncollectible_at: null,
    paid_at: null,
    voided_at: null,
  },
  subtotal: 0,
  test_clock: null,
  total: 0,
  webhooks_delivered_at: null,
} satisfies Partial<Invoice>;
