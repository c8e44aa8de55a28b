import { emit } from '../protocol/emit.ts';
import { newId } from '../identifiers.ts';
import type { State } from '../state.ts';
import type { StripeEvent } from '../objects.ts';

export type CompletedCheckout = {
  customer: string;
  client_reference_id?: string | null;
  subscription?: string | null;
  metadata?: Record<string, string>;
};

export function completeCheckout(state: State, checkout: CompletedCheckout): StripeEvent {
  const customer = state.customers.get(checkout.customer);
  if (!customer) throw new Error(`The stand-in has no customer ${checkout.customer}`);
  const { livemode, email, name } = customer;
  const session = {
    id: newId(livemode ? 'cs_live' : 'cs_test'),
    object: 'checkout.session',
    client_reference_id: checkout.client_reference_id ?? null,
    created: state.seconds(),
    customer: customer.id,
    customer_details: { email, name },
    livemode,
    metadata: checkout.metadata ?? {},
    mode: checkout.subscription ? 'subscription' : 'payment',
    payment_status: 'paid',
    status: 'complete',
    subscription: checkout.subscription ?? null,
  };
  return emit({ state, request: null }, 'checkout.session.completed', session);
}
