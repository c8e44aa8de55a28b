import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { integer, required, string, text } from '../protocol/parameters.ts';
import { livingCustomer } from './customers.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { refuse } from '../protocol/errors.ts';
import type { Endpoint } from '../protocol/endpoint.ts';

/** A line of a draft. Stripe also takes one for the customer's next invoice. */
export const invoiceItems: Endpoint = endpoint<Stripe.InvoiceItemCreateParams>()({
  method: 'POST',
  path: '/v1/invoiceitems',
  permission: 'rak_invoice_item_write',
  parameters: {
    amount: required(integer()),
    currency: string,
    customer: required(string),
    description: text(),
    invoice: required(string),
    metadata,
  },
  unmodelled: {
    customer_account: true,
    discountable: true,
    discounts: true,
    period: true,
    price_data: true,
    pricing: true,
    quantity: true,
    quantity_decimal: true,
    subscription: true,
    tax_behavior: true,
    tax_code: true,
    tax_rates: true,
    unit_amount_decimal: true,
  },
  returns: 'invoiceitem',
  answer({ state, livemode, parameters }) {
    const { amount, description = null, metadata: pairs } = parameters;
    const customer = livingCustomer(state, livemode, parameters.customer, 'customer');
    const invoice = find(state.invoices, livemode, 'invoice', parameters.invoice, 'invoice');
    if (invoice.status !== 'draft') refuse('This invoice is no longer editable');
    const now = state.seconds();
    const item = {
      id: newId('ii'),
      object: 'invoiceitem' as const,
      amount,
      currency: invoice.currency,
      customer: customer.id,
      customer_account: null,
      date: now,
      description,
      discountable: true,
      discounts: [],
      invoice: invoice.id,
      livemode,
      metadata: mergeMetadata({}, pairs),
      parent: null,
      period: { end: now, start: now },
      pricing: null,
      proration: false,
      quantity: 1,
      quantity_decimal: '1',
      tax_rates: [],
      test_clock: null,
    };
    state.invoiceItems.set(item.id, item);
    const total = invoice.total + amount;
    Object.assign(invoice, { amount_due: total, amount_remaining: total, subtotal: total, total });
    return item;
  },
});
