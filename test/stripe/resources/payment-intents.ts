import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { newId, randomWord } from '../identifiers.ts';
import { isWithin, pagination, range } from '../protocol/common-parameters.ts';
import { string } from '../protocol/parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Invoice, PaymentIntent } from '../objects.ts';
import type { State } from '../state.ts';

const path = '/v1/payment_intents';

export const paymentIntents: Endpoint = endpoint<Stripe.PaymentIntentListParams>()({
  method: 'GET',
  path,
  permission: 'rak_payment_intent_read',
  parameters: { ...pagination, created: range, customer: string },
  unmodelled: { customer_account: true },
  returns: 'list:payment_intent',
  answer({ state, livemode, parameters }) {
    const { customer, created } = parameters;
    if (customer !== undefined) find(state.customers, livemode, 'customer', customer, 'customer');
    const found = newestFirst(state.paymentIntents.values(), livemode)
      .filter((each) => customer === undefined || each.customer === customer)
      .filter((each) => isWithin(each.created, created));
    return paginate(found, parameters, 'payment_intent', path);
  },
});

/** The payment that Stripe expects for an invoice once it is finalized. */
export function expectPayment(state: State, invoice: Invoice): void {
  const now = state.seconds();
  const { amount_remaining: amount, currency, customer, livemode } = invoice;
  const id = newId('pi');
  const intent: PaymentIntent = {
    ...unchanging,
    id,
    object: 'payment_intent',
    amount,
    client_secret: `${id}_secret_${randomWord(24)}`,
    created: now,
    currency,
    customer,
    livemode,
  };
  state.paymentIntents.set(id, intent);
  state.invoicePayments.set(invoice.id, {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: now,
    currency,
    invoice: invoice.id,
    is_default: true,
    livemode,
    payment: { payment_intent: id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

/** The payment of an invoice; undefined for a draft and for one that cost nothing. */
export function paymentOf(state: State, invoice: Invoice): PaymentIntent | undefined {
  const payment = state.invoicePayments.get(invoice.id);
  return payment && state.paymentIntents.get(payment.payment.payment_intent);
}

// Present in every answer of Stripe's, never anything else at first.
const unchanging = {
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  managed_payments: null,
  metadata: {},
  next_action: null,
  on_behalf_of: null,
  payment_method: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card', 'us_bank_account'],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: 'requires_payment_method',
  transfer_group: null,
} satisfies Partial<PaymentIntent>;
