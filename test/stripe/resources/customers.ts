import type { Stripe } from 'stripe';
import { change, emit } from '../protocol/emit.ts';
import { cancelNow, isLiving } from './subscription-changes.ts';
import { emptyable, list, objectOf, required, string, text } from '../protocol/parameters.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { isWithin, mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { pagination, paymentMethod, range } from '../protocol/common-parameters.ts';
import { missing } from '../protocol/errors.ts';
import { newId } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Customer } from '../objects.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';

const path = '/v1/customers';
const invoiceSettings = objectOf<Stripe.CustomerCreateParams.InvoiceSettings>();
const fields = {
  description: emptyable(text()),
  email: emptyable(text(512)),
  metadata,
  name: emptyable(text(256)),
  phone: emptyable(text(20)),
  invoice_settings: invoiceSettings(
    { default_payment_method: required(paymentMethod) },
    { custom_fields: true, footer: true, rendering_options: true },
  ),
  preferred_locales: list(string),
};

const unmodelled = {
  address: true,
  balance: true,
  business_name: true,
  cash_balance: true,
  individual_name: true,
  invoice_prefix: true,
  next_invoice_sequence: true,
  shipping: true,
  source: true,
  tax: true,
  tax_exempt: true,
  validate: true,
} as const;

/** A customer that can be worked with: a deleted one is refused as if it had never been. */
export function livingCustomer(
  state: State,
  livemode: boolean,
  id: string,
  param: string,
): Customer {
  const customer = find(state.customers, livemode, 'customer', id, param);
  if (customer.deleted) throw missing('customer', id, param);
  return customer;
}

export const customers: readonly Endpoint[] = [
  endpoint<Stripe.CustomerCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_customer_write',
    parameters: { ...fields, payment_method: paymentMethod },
    unmodelled: { ...unmodelled, tax_id_data: true, test_clock: true },
    returns: 'customer',
    answer(call) {
      const { metadata: pairs, invoice_settings: invoices, ...given } = call.parameters;
      const customer: Customer = {
        id: `cus_${newId('').slice(1, 15)}`,
        object: 'customer',
        created: call.state.seconds(),
        description: given.description ?? null,
        email: given.email ?? null,
        livemode: call.livemode,
        metadata: mergeMetadata({}, pairs),
        name: given.name ?? null,
        phone: given.phone ?? null,
        ...unchanging,
        // `pm_card_…` given twice is one way to pay.
        invoice_settings: {
          ...unchanging.invoice_settings,
          ...(invoices && {
            default_payment_method: given.payment_method ?? invoices.default_payment_method,
          }),
        },
        preferred_locales: given.preferred_locales ?? [],
      };
      call.state.customers.set(customer.id, customer);
      emit(call, 'customer.created', customer);
      return customer;
    },
  }),
  endpoint<Stripe.CustomerListParams>()({
    method: 'GET',
    path,
    permission: 'rak_customer_read',
    parameters: { ...pagination, created: range, email: text(512) },
    unmodelled: { test_clock: true },
    returns: 'list:customer',
    answer({ state, livemode, parameters }) {
      const found = newestFirst(state.customers.values(), livemode)
        .filter((customer) => !customer.deleted && isWithin(customer.created, parameters.created))
        .filter(({ email }) => parameters.email === undefined || email === parameters.email);
      return paginate(found, parameters, 'customer', path);
    },
  }),
  endpoint<Stripe.CustomerRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_customer_read',
    parameters: {},
    unmodelled: {},
    returns: 'customer',
    answer({ state, livemode, id }) {
      const customer = find(state.customers, livemode, 'customer', id);
      return customer.deleted ? { id, object: 'customer', deleted: true } : customer;
    },
  }),
  endpoint<Stripe.CustomerUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_customer_write',
    parameters: fields,
    unmodelled: { ...unmodelled, default_source: true },
    returns: 'customer',
    answer(call) {
      const customer = livingCustomer(call.state, call.livemode, call.id, 'id');
      const { description, email, metadata: pairs, name, phone } = call.parameters;
      const { invoice_settings: invoices, preferred_locales: locales } = call.parameters;
      change(call, 'customer.updated', customer, {
        ...(description !== undefined && { description }),
        ...(email !== undefined && { email }),
        ...(name !== undefined && { name }),
        ...(phone !== undefined && { phone }),
        ...(pairs !== undefined && { metadata: mergeMetadata(customer.metadata, pairs) }),
        ...(invoices && { invoice_settings: { ...customer.invoice_settings, ...invoices } }),
        ...(locales && { preferred_locales: locales }),
      });
      return customer;
    },
  }),
  endpoint<Stripe.CustomerDeleteParams>()({
    method: 'DELETE',
    path: `${path}/:id`,
    permission: 'rak_customer_write',
    parameters: {},
    unmodelled: {},
    returns: 'customer',
    answer(call) {
      const customer = livingCustomer(call.state, call.livemode, call.id, 'id');
      for (const subscription of call.state.subscriptionsOf(call.id)) {
        if (isLiving(subscription)) cancelNow(call, subscription);
      }
      emit(call, 'customer.deleted', customer);
      customer.deleted = true;
      return { id: call.id, object: 'customer', deleted: true };
    },
  }),
];

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  address: null,
  balance: 0,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  discount: null,
  invoice_prefix: null,
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  next_invoice_sequence: 1,
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
} as const;
