import type { Stripe } from 'stripe';
import { isCustomerGone } from '../stripe/faults.ts';
import { expandTerms, readCouponNames } from './read-terms.ts';
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
 * Reads a customer's current state from Stripe: customer, current subscriptions, product names.
 * Without a subject in the metadata, completed checkouts are searched for one, unless D1 already
 * has one (`mapped`). Throws the errors of Stripe's client.
 */
export async function readCustomer(
  stripe: Stripe,
  id: string,
  metadataKey: string,
  mapped: boolean,
): Promise<CustomerState> {
  const customer = await retrieveCustomer(stripe, id);
  if (!customer) return { kind: 'deleted', id };
  const current = await readSubscriptions(stripe, customer);
  const subscriptions = await expandTerms(stripe, id, current);
  const coupons = await readCouponNames(stripe, customer, subscriptions);
  const products = await readProductNames(stripe, productIds(subscriptions));
  const inMetadata = subjectIn(customer, subscriptions, metadataKey);
  const subject = inMetadata ?? (mapped ? null : await readCheckoutSubject(stripe, id));
  return toCustomerState(customer, subject, subscriptions, products, coupons);
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

/** A read of its own: expansion does not reach from a list's subscriptions to their products. */
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
 * Buyers can choose the client_reference_id of a payment link. It only maps a customer that has
 * no subject yet, which is the buyer's own.
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
