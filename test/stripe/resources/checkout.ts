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
    id: newId(livemode ? 'cs_live' : 'cs_test'),
    object: 'checkout.session',
    client_reference_id: checkout.client_reference_id ?? null,
    created: state.seconds(),
    customer: customer.id,
    customer_details: { email, name },
    livemode,
    metadata: checkout.metadata ?? {},
    mode: checkout.subscription ? 'subscription' : 'payment',
    payment_intent: checkout.payment_intent ?? null,
    payment_status: 'paid',
    status: 'complete',
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
  endpoint({
    method: 'GET',
    path,
    permission: 'rak_checkout_session_read',
    parameters: listParameters,
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
  endpoint({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_checkout_session_read',
    parameters: {},
    returns: 'checkout.session',
    answer: ({ state, livemode, id }) =>
      find(state.checkoutSessions, livemode, 'checkout.session', id),
  }),
];
