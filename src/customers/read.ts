import type { Stripe } from 'stripe';
import { isCustomerGone } from '../stripe/faults.ts';
import {
  isCurrent,
  productIds,
  subjectIn,
  toCustomerState,
  type CustomerState,
  type ProductNames,
} from './state.ts';

const PAGE = 100;

/**
 * Reads a customer's present state from Stripe: customer, current subscriptions, product
 * names. A subject that nothing else tells is looked for in completed checkouts, unless
 * `mapped` says that D1 has one. Throws what Stripe's client throws.
 */
export async function readCustomer(
  stripe: Stripe,
  id: string,
  metadataKey: string,
  mapped: boolean,
): Promise<CustomerState> {
  const customer = await retrieveCustomer(stripe, id);
  if (!customer) return { kind: 'deleted', id };
  const subscriptions = await readSubscriptions(stripe, customer);
  const products = await readProductNames(stripe, productIds(subscriptions));
  const told = subjectIn(customer, subscriptions, metadataKey);
  const subject = told ?? (mapped ? null : await readCheckoutSubject(stripe, id));
  return toCustomerState(customer, subject, subscriptions, products);
}

async function retrieveCustomer(stripe: Stripe, id: string): Promise<Stripe.Customer | null> {
  try {
    const customer = await stripe.customers.retrieve(id, { expand: ['subscriptions'] });
    return customer.deleted ? null : customer;
  } catch (error) {
    if (isCustomerGone(error)) return null;
    throw error;
  }
}

async function readSubscriptions(
  stripe: Stripe,
  customer: Stripe.Customer,
): Promise<Stripe.Subscription[]> {
  const expanded = customer.subscriptions;
  if (expanded && !expanded.has_more) return expanded.data.filter(isCurrent);
  const all: Stripe.Subscription[] = [];
  for await (const subscription of stripe.subscriptions.list({
    customer: customer.id,
    limit: PAGE,
  })) {
    if (isCurrent(subscription)) all.push(subscription);
  }
  return all;
}

/** A second read, since expansion does not reach from a list's subscription to its products. */
export async function readProductNames(stripe: Stripe, ids: string[]): Promise<ProductNames> {
  const names = new Map<string, string>();
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = ids.slice(start, start + PAGE);
    const { data } = await stripe.products.list({ ids: page, limit: PAGE });
    for (const { id, name } of data) names.set(id, name);
  }
  return names;
}

/**
 * A payment link's client_reference_id can be chosen by the buyer. It only ever maps a
 * customer that nobody is mapped to, which is the buyer's own.
 * https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-client_reference_id
 */
async function readCheckoutSubject(stripe: Stripe, customer: string): Promise<string | null> {
  const { data } = await stripe.checkout.sessions.list({
    customer,
    status: 'complete',
    limit: PAGE,
  });
  return data.find(({ client_reference_id: reference }) => reference)?.client_reference_id ?? null;
}
