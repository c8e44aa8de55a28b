import type { Stripe } from 'stripe';
import { cancelAt, createItems, description } from './subscription-parameters.ts';
import { bill } from './invoices.ts';
import { declined } from './invoice-actions.ts';
import { failPayment } from './invoice-changes.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { integer, missingParameter, object } from '../protocol/parameters.ts';
import { oneOf, required, string } from '../protocol/parameters.ts';
import { readEnd, readTrialSettings } from './subscription-update.ts';
import { subscriptionFields, unmodelled } from './subscription-parameters.ts';
import { invoiceOf } from './invoice-amounts.ts';
import { invalid, refuse } from '../protocol/errors.ts';
import { livingCustomer } from './customers.ts';
import { isDeclined, mergeMetadata } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newItem } from './subscription-items.ts';
import { redeemFor } from './discounts.ts';
import { readRates } from './tax-rates.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';
import type { Subscription, SubscriptionItem } from '../objects.ts';

const parameters = {
  ...subscriptionFields,
  billing_mode: object({
    flexible: object({ proration_discounts: oneOf('included', 'itemized') }),
    type: required(oneOf('classic', 'flexible')),
  }),
  cancel_at: cancelAt,
  currency: string,
  customer: required(string),
  description,
  items: createItems,
  trial_period_days: integer(1, 730),
};

export const createSubscription: Endpoint = endpoint<Stripe.SubscriptionCreateParams>()({
  method: 'POST',
  path: '/v1/subscriptions',
  permission: 'rak_subscription_write',
  parameters,
  unmodelled: {
    ...unmodelled,
    backdate_start_date: true,
    billing_cycle_anchor: true,
    billing_cycle_anchor_config: true,
    customer_account: true,
  },
  returns: 'subscription',
  answer(call) {
    const { state, livemode, parameters: given } = call;
    const customer = livingCustomer(state, livemode, given.customer, 'customer');
    const start = state.seconds();
    const trialEnd = readTrial(start, given.trial_end, given.trial_period_days);
    const id = newId('sub');
    const data = given.items.map(({ metadata: pairs, ...input }, index) => {
      const owner = { id, customer: customer.id };
      const item = newItem(call, owner, input, `items[${index}]`, { start, end: trialEnd });
      item.metadata = mergeMetadata({}, pairs);
      return item;
    });
    const currency = given.currency?.toLowerCase() ?? data[0]?.price.currency;
    if (currency === undefined) throw missingParameter('items');
    refuseOtherCurrencies(state, data, currency);
    const billingMode = readBillingMode(given.billing_mode?.type);
    refuseMixedIntervals(data, billingMode.type);
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
      automatic_tax: {
        ...unchanging.automatic_tax,
        enabled: given.automatic_tax?.enabled ?? false,
      },
      default_tax_rates: readRates(call, given.default_tax_rates ?? [], 'default_tax_rates'),
      discounts: (given.discounts ?? []).map((each, index) =>
        redeemFor(call, each, { customer: customer.id, subscription: id }, `discounts[${index}]`),
      ),
      billing_cycle_anchor: trialEnd ?? start,
      billing_mode: billingMode,
      collection_method: given.collection_method ?? 'charge_automatically',
      days_until_due: given.days_until_due ?? null,
      default_payment_method: given.default_payment_method ?? null,
      latest_invoice: null,
      start_date: start,
      trial_settings: given.trial_settings
        ? readTrialSettings(given.trial_settings)
        : unchanging.trial_settings,
    };
    Object.assign(subscription, readEnd(call, subscription, given));
    const { default_payment_method: general } = customer.invoice_settings;
    const fails = isDeclined(subscription.default_payment_method ?? general);
    if (isIncomplete(state, subscription, given.payment_behavior, fails)) {
      if (given.payment_behavior === 'error_if_incomplete') throw declined();
      subscription.status = 'incomplete';
    }
    const invoice = bill(state, subscription);
    subscription.latest_invoice = invoice.id;
    const isTried = given.payment_behavior !== 'default_incomplete';
    if (subscription.status === 'incomplete' && isTried) failPayment(call, invoice, false);
    state.addSubscription(subscription);
    emit(call, 'customer.subscription.created', subscription);
    return subscription;
  },
});

/** Whether there is a first invoice to charge, and it is not paid with the call. */
function isIncomplete(
  state: State,
  subscription: Subscription,
  behavior: string | undefined,
  fails: boolean,
): boolean {
  const isCharged = subscription.collection_method === 'charge_automatically';
  const { total } = invoiceOf(state, subscription);
  return isCharged && total > 0 && (fails || behavior === 'default_incomplete');
}

/** A price counts in its own currency and in those of its options. */
function refuseOtherCurrencies(state: State, items: SubscriptionItem[], currency: string): void {
  const isIn = ({ price }: SubscriptionItem) =>
    price.currency === currency || state.currencyOptions.get(price.id)?.[currency] !== undefined;
  if (!items.every((item) => isIn(item))) {
    refuse('You cannot combine currencies on a single subscription.');
  }
}

/** Only flexible billing lets the items of a subscription renew at different times. */
function refuseMixedIntervals(items: SubscriptionItem[], mode: string): void {
  const intervals = items.map(({ price: { recurring } }) => {
    return `${recurring?.interval_count} ${recurring?.interval}`;
  });
  if (mode === 'flexible' || new Set(intervals).size === 1) return;
  refuse(
    'Currently, all plans on a subscription must have the same `billing.interval` and ' +
      '`billing.interval_count`.',
  );
}

function readTrial(
  now: number,
  trialEnd: number | 'now' | undefined,
  days: number | undefined,
): number | null {
  if (trialEnd === undefined) return days ? now + days * 86_400 : null;
  if (trialEnd === 'now') return null;
  if (trialEnd > now) return trialEnd;
  throw invalid('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.');
}

/** Flexible unless the call says otherwise, since 2025-09-30. */
function readBillingMode(type: 'classic' | 'flexible' = 'flexible'): Subscription['billing_mode'] {
  return {
    flexible: type === 'flexible' ? { proration_discounts: 'included' } : null,
    type,
  };
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  application: null,
  application_fee_percent: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null },
  billing_cycle_anchor_config: null,
  billing_schedules: [],
  billing_thresholds: null,
  cancellation_details: {
    comment: null,
    feedback: null,
    feedback_option: null,
    reason: null,
  },
  customer_account: null,
  default_source: null,
  invoice_settings: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: { type: 'self' },
  },
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
  trial_settings: {
    end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
  },
} satisfies Partial<Subscription>;
