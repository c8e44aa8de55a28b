import { boolean, emptyable, integer, list, object } from '../protocol/parameters.ts';
import { missingParameter, oneOf, required, string, text } from '../protocol/parameters.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { endingAt, periodEnd } from './subscription-changes.ts';
import { invalid, refuse } from '../protocol/errors.ts';
import { livingCustomer } from './customers.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newItem, subscribable } from './subscription-items.ts';
import type { Decoded } from '../protocol/form.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Subscription } from '../objects.ts';

/** A moment in seconds, or `now`. */
export function nowOrMoment(input: Decoded, name: string): number | 'now' {
  return input === 'now' ? 'now' : integer()(input, name);
}

const parameters = {
  cancel_at: integer(),
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: required(string),
  days_until_due: integer(),
  description: text(500),
  items: required(list(object({ price: string, quantity: integer(), metadata }))),
  metadata,
  payment_behavior: string,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  trial_end: nowOrMoment,
  trial_period_days: emptyable(integer(1, 730)),
};

export const createSubscription: Endpoint = endpoint({
  method: 'POST',
  path: '/v1/subscriptions',
  permission: 'rak_subscription_write',
  parameters,
  returns: 'subscription',
  answer(call) {
    const { state, livemode, parameters: given } = call;
    const customer = livingCustomer(state, livemode, given.customer, 'customer');
    const start = state.seconds();
    const trialEnd = readTrial(start, given.trial_end, given.trial_period_days);
    const id = newId('sub');
    const data = given.items.map(({ price, quantity = 1, metadata: pairs }, index) => {
      const name = `items[${index}][price]`;
      if (price === undefined) throw missingParameter(name);
      const period = { start, end: trialEnd };
      const item = newItem(subscribable(call, price, name), id, quantity, period);
      item.metadata = mergeMetadata({}, pairs);
      return item;
    });
    const currency = data[0]?.price.currency;
    if (currency === undefined) throw missingParameter('items');
    if (data.some((item) => item.price.currency !== currency)) {
      refuse('You cannot combine currencies on a single subscription.');
    }
    const url = `/v1/subscription_items?subscription=${id}`;
    const subscription: Subscription = {
      id,
      object: 'subscription',
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      created: start,
      currency,
      customer: customer.id,
      description: given.description ?? null,
      ended_at: null,
      items: { object: 'list', data, has_more: false, total_count: data.length, url },
      livemode,
      metadata: mergeMetadata({}, given.metadata),
      pause_collection: null,
      status: trialEnd === null ? 'active' : 'trialing',
      trial_end: trialEnd,
      trial_start: trialEnd === null ? null : start,
      ...unchanging,
      billing_cycle_anchor: trialEnd ?? start,
      collection_method: given.collection_method ?? 'charge_automatically',
      days_until_due: given.days_until_due ?? null,
      start_date: start,
    };
    const { cancel_at: cancelAt, cancel_at_period_end: atPeriodEnd = false } = given;
    const end = atPeriodEnd ? periodEnd(subscription) : cancelAt;
    if (end !== undefined) Object.assign(subscription, endingAt(call, end, atPeriodEnd));
    state.addSubscription(subscription);
    emit(call, 'customer.subscription.created', subscription);
    return subscription;
  },
});

function readTrial(
  now: number,
  trialEnd: number | 'now' | undefined,
  days: number | null | undefined,
): number | null {
  if (trialEnd === undefined) return days ? now + days * 86_400 : null;
  if (trialEnd === 'now') return null;
  if (trialEnd > now) return trialEnd;
  throw invalid('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.');
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible' },
  billing_schedules: [],
  billing_thresholds: null,
  cancellation_details: { comment: null, feedback: null, reason: null },
  customer_account: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
  latest_invoice: null,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  payment_settings: {
    payment_method_options: null,
    payment_method_types: null,
    save_default_payment_method: 'off',
  },
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  test_clock: null,
  transfer_data: null,
  trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
};
