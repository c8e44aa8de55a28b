import type { Stripe } from 'stripe';
import { isCustomerGone } from '../stripe/faults.ts';
import { EVIDENCE, mappingIn, mappingOf, subjectOfCheckout, type Mapping } from './mapping.ts';
import { expandTerms, MOST_COUPONS, readCouponNames } from './read-terms.ts';
import {
  isCurrent,
  productIds,
  toCustomerState,
  type CustomerState,
  type ProductNames,
} from './state.ts';
import type { CouponNames } from './terms.ts';

const PAGE = 100;

/** What Stripe says of a customer at one moment; the subscriptions are those that have not ended. */
export type Reading =
  | { kind: 'deleted'; id: string }
  | {
      kind: 'living';
      customer: Stripe.Customer;
      subscriptions: Stripe.Subscription[];
      coupons: CouponNames;
      mapping: Mapping;
    };

/** A customer's state, and who it belongs to. */
export type MappedState = CustomerState & Partial<Mapping>;

/** A customer that has no subject costs two calls more than one that has. */
export const readCost = (mapped: boolean) => (mapped ? 1 : 3);

/** What a schedule and discounts cost besides: a call for both, and one for each coupon's name. */
export const TERMS_COST = 1 + MOST_COUPONS;

/**
 * Reads a customer and their subscriptions. Where these name no subject and D1 has none
 * (`mapped`), ended subscriptions and completed checkouts are asked. Throws the errors of
 * Stripe's client.
 */
export async function readCustomer(
  stripe: Stripe,
  id: string,
  metadataKey: string,
  mapped: boolean,
): Promise<Reading> {
  const customer = await retrieveCustomer(stripe, id);
  if (!customer) return { kind: 'deleted', id };
  const current = await readSubscriptions(stripe, customer);
  const subscriptions = await expandTerms(stripe, id, current);
  const coupons = await readCouponNames(stripe, customer, subscriptions);
  const named = mappingIn(customer, subscriptions, metadataKey);
  const mapping =
    mapped || named.conflict !== null ? named : await readPast(stripe, id, metadataKey);
  return { kind: 'living', customer, subscriptions, coupons, mapping };
}

/** The states to write. One read of product names serves them all. */
export async function statesOf(stripe: Stripe, readings: Reading[]): Promise<MappedState[]> {
  const subscriptions = readings.flatMap((each) =>
    each.kind === 'living' ? each.subscriptions : [],
  );
  const products = await readProductNames(stripe, productIds(subscriptions));
  return readings.map((each) =>
    each.kind === 'deleted'
      ? each
      : {
          ...toCustomerState(each.customer, each.subscriptions, products, each.coupons),
          ...each.mapping,
        },
  );
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

/** People who churned are known by subscriptions that have ended, or by what they once bought. */
async function readPast(stripe: Stripe, customer: string, metadataKey: string): Promise<Mapping> {
  const ended = await stripe.subscriptions.list({ customer, status: 'ended', limit: PAGE });
  const named = mappingOf(ended.data, metadataKey, EVIDENCE.ended);
  if (named.conflict !== null) return named;
  const { data } = await stripe.checkout.sessions.list({
    customer,
    status: 'complete',
    limit: PAGE,
  });
  const subject = data.map((each) => subjectOfCheckout(each, metadataKey)).find(Boolean);
  return subject ? { subject, evidence: EVIDENCE.checkout, conflict: false } : named;
}
