import type { Stripe } from 'stripe';
import { boolean } from '../protocol/parameters.ts';
import { charge, finalize, settle } from './invoice-changes.ts';
import { markUncollectible, voidInvoice } from './invoice-changes.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { ApiError, refuse } from '../protocol/errors.ts';
import { paymentMethod } from '../protocol/common-parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Invoice } from '../objects.ts';
import type { State } from '../state.ts';

const path = '/v1/invoices/:id';
const common = { method: 'POST', permission: 'rak_invoice_write', returns: 'invoice' } as const;

/** What can be done with an invoice: https://docs.stripe.com/invoicing/integration/workflow-transitions */
export const invoiceActions: readonly Endpoint[] = [
  endpoint<Stripe.InvoiceFinalizeInvoiceParams>()({
    ...common,
    path: `${path}/finalize`,
    parameters: { auto_advance: boolean },
    unmodelled: {},
    answer(call) {
      const invoice = find(call.state.invoices, call.livemode, 'invoice', call.id);
      finalize(call, invoice);
      return invoice;
    },
  }),
  endpoint<Stripe.InvoicePayParams>()({
    ...common,
    path: `${path}/pay`,
    parameters: { paid_out_of_band: boolean, payment_method: paymentMethod },
    unmodelled: { forgive: true, mandate: true, off_session: true, source: true },
    answer(call) {
      const invoice = find(call.state.invoices, call.livemode, 'invoice', call.id);
      const { paid_out_of_band: elsewhere, payment_method: method } = call.parameters;
      if (invoice.status === 'draft') finalize(call, invoice);
      if (invoice.status === 'paid') refuse('Invoice is already paid');
      if (invoice.status === 'void') refuse('This invoice can no longer be paid.');
      if (elsewhere) settle(call, invoice);
      else if (!charge(call, invoice, method ?? methodFor(call.state, invoice))) throw declined();
      return invoice;
    },
  }),
  endpoint<Stripe.InvoiceSendInvoiceParams>()({
    ...common,
    path: `${path}/send`,
    parameters: {},
    unmodelled: {},
    answer(call) {
      const invoice = find(call.state.invoices, call.livemode, 'invoice', call.id);
      if (invoice.collection_method !== 'send_invoice') {
        refuse('You can only manually send an invoice if its collection method is `send_invoice`.');
      }
      if (invoice.status === 'draft') finalize(call, invoice);
      emit(call, 'invoice.sent', invoice);
      return invoice;
    },
  }),
  endpoint<Stripe.InvoiceVoidInvoiceParams>()({
    ...common,
    path: `${path}/void`,
    parameters: {},
    unmodelled: {},
    answer(call) {
      const invoice = find(call.state.invoices, call.livemode, 'invoice', call.id);
      voidInvoice(call, invoice);
      return invoice;
    },
  }),
  endpoint<Stripe.InvoiceMarkUncollectibleParams>()({
    ...common,
    path: `${path}/mark_uncollectible`,
    parameters: {},
    unmodelled: {},
    answer(call) {
      const invoice = find(call.state.invoices, call.livemode, 'invoice', call.id);
      markUncollectible(call, invoice);
      return invoice;
    },
  }),
];

/** What Stripe charges: https://docs.stripe.com/billing/subscriptions/payment-methods-setting */
function methodFor(state: State, { customer, parent }: Invoice): string | null {
  const subscription = state.subscriptions.get(parent?.subscription_details.subscription ?? '');
  const { default_payment_method: general = null } =
    state.customers.get(customer)?.invoice_settings ?? {};
  return subscription?.default_payment_method ?? general;
}

export function declined(): ApiError {
  const code = 'card_declined';
  const message = 'Your card was declined.';
  return new ApiError(402, { type: 'card_error', code, decline_code: 'generic_decline', message });
}
