import type { Stripe } from 'stripe';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { isWithin, pagination, range } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { oneOf, string } from '../protocol/parameters.ts';
import type { CheckoutSession, StripeEvent } from '../objects.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';

const path = '/v1/checkout/sessions';

export type CompletedCheckout = {
  customer: string;
  client_reference_id?: string | null;
  payment_intent?: string | null;
  subscription?: string | null;
  metadata?: Record<string, string>;
};

export function completeCheckout(state: State, checkout: CompletedCheckout): StripeEvent {
  const customer = state.customers.get(checkout.customer);
  if (!customer) throw new Error(`The stand-in has no customer ${checkout.customer}`);
  const { livemode, email, name } = customer;
  const session: CheckoutSession = {
    ...unchanging,
    id: newId(livemode ? 'cs_live' : 'cs_test'),
    object: 'checkout.session',
    client_reference_id: checkout.client_reference_id ?? null,
    created: state.seconds(),
    customer: customer.id,
    customer_details: { ...noDetails, email, name, tax_ids: [] },
    expires_at: state.seconds() + 86_400,
    livemode,
    metadata: checkout.metadata ?? {},
    mode: checkout.subscription ? 'subscription' : 'payment',
    payment_intent: checkout.payment_intent ?? null,
    subscription: checkout.subscription ?? null,
  };
  state.checkoutSessions.set(session.id, session);
  return emit({ state, request: null }, 'checkout.session.completed', session);
}

const listParameters = {
  ...pagination,
  created: range,
  customer: string,
  payment_intent: string,
  status: oneOf('complete', 'expired', 'open'),
  subscription: string,
};

export const checkoutSessions: readonly Endpoint[] = [
  endpoint<Stripe.Checkout.SessionListParams>()({
    method: 'GET',
    path,
    permission: 'rak_checkout_session_read',
    parameters: listParameters,
    unmodelled: { customer_account: true, customer_details: true, payment_link: true },
    returns: 'list:checkout.session',
    answer({ state, livemode, parameters }) {
      const { created, customer, payment_intent: intent, status, subscription } = parameters;
      const found = newestFirst(state.checkoutSessions.values(), livemode)
        .filter((session) => isWithin(session.created, created))
        .filter((session) => customer === undefined || session.customer === customer)
        .filter((session) => intent === undefined || session.payment_intent === intent)
        .filter((session) => status === undefined || session.status === status)
        .filter((session) => subscription === undefined || session.subscription === subscription);
      return paginate(found, parameters, 'checkout.session', path);
    },
  }),
  endpoint<Stripe.Checkout.SessionRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_checkout_session_read',
    parameters: {},
    unmodelled: {},
    returns: 'checkout.session',
    answer: ({ state, livemode, id }) =>
      find(state.checkoutSessions, livemode, 'checkout.session', id),
  }),
];

const noDetails = {
  address: null,
  business_name: null,
  individual_name: null,
  phone: null,
  tax_exempt: 'none',
} as const;

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  adaptive_pricing: { enabled: false },
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  amount_subtotal: 2900,
  amount_total: 2900,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  cancel_url: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency: 'usd',
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  customer_creation: null,
  customer_email: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  locale: null,
  managed_payments: null,
  origin_context: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card'],
  payment_status: 'paid',
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  status: 'complete',
  submit_type: null,
  success_url: 'https://shop.example/thanks',
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  url: null,
  wallet_options: null,
} satisfies Partial<CheckoutSession>;
