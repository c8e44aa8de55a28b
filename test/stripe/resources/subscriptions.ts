import type { Stripe } from 'stripe';
import { cancelNow, changeSubscription, isFlexible } from './subscription-changes.ts';
import { isLiving, pause, resume } from './subscription-changes.ts';
import { unmodelled } from './subscription-parameters.ts';
import { boolean, object, oneOf, string } from '../protocol/parameters.ts';
import { createSubscription } from './subscription-create.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { isWithin, pagination, range } from '../protocol/common-parameters.ts';
import { missing, refuse } from '../protocol/errors.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import { readChanges, updateParameters } from './subscription-update.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Subscription } from '../objects.ts';

const path = '/v1/subscriptions';
const statuses = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;

const listParameters = {
  ...pagination,
  created: range,
  customer: string,
  price: string,
  status: oneOf(...statuses),
};

const pauseParameters = { type: oneOf('subscription') };

const resumeParameters = {
  billing_cycle_anchor: oneOf('now', 'unchanged'),
  payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
};

const cancelParameters = {
  cancellation_details: object({ comment: string, feedback: string }),
  invoice_now: boolean,
  prorate: boolean,
};

export const subscriptions: readonly Endpoint[] = [
  createSubscription,
  endpoint<Stripe.SubscriptionListParams>()({
    method: 'GET',
    path,
    permission: 'rak_subscription_read',
    parameters: listParameters,
    unmodelled: {
      automatic_tax: true,
      collection_method: true,
      current_period_end: true,
      current_period_start: true,
      customer_account: true,
      plan: true,
      test_clock: true,
    },
    returns: 'list:subscription',
    answer({ state, livemode, parameters }) {
      const { customer, price, status } = parameters;
      if (customer !== undefined) {
        find(state.customers, livemode, 'customer', customer, 'customer');
      }
      const candidates =
        customer === undefined ? state.subscriptions.values() : state.subscriptionsOf(customer);
      const found = newestFirst(candidates, livemode)
        .filter(({ items }) => price === undefined || items.data.some((i) => i.price.id === price))
        .filter(({ created }) => isWithin(created, parameters.created))
        .filter((subscription) => hasStatus(subscription, status));
      return paginate(found, parameters, 'subscription', path);
    },
  }),
  endpoint<Stripe.SubscriptionRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_subscription_read',
    parameters: {},
    unmodelled: {},
    returns: 'subscription',
    answer: ({ state, livemode, id }) => find(state.subscriptions, livemode, 'subscription', id),
  }),
  endpoint<Stripe.SubscriptionUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_subscription_write',
    parameters: updateParameters,
    unmodelled: {
      ...unmodelled,
      billing_cycle_anchor: true,
      proration_date: true,
    },
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      const changes = readChanges(call, subscription, call.parameters);
      changeSubscription(call, subscription, changes);
      return subscription;
    },
  }),
  endpoint<Stripe.SubscriptionCancelParams>()({
    method: 'DELETE',
    path: `${path}/:id`,
    permission: 'rak_subscription_write',
    parameters: cancelParameters,
    unmodelled: {},
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      if (!isLiving(subscription)) throw missing('subscription', call.id, 'id');
      cancelNow(call, subscription);
      return subscription;
    },
  }),
  endpoint<Stripe.SubscriptionPauseParams>()({
    method: 'POST',
    path: `${path}/:id/pause`,
    permission: 'rak_subscription_write',
    parameters: pauseParameters,
    unmodelled: { bill_for: true, invoicing_behavior: true },
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      refuseUnpausable(subscription);
      pause(call, subscription);
      return subscription;
    },
  }),
  endpoint<Stripe.SubscriptionResumeParams>()({
    method: 'POST',
    path: `${path}/:id/resume`,
    permission: 'rak_subscription_write',
    parameters: resumeParameters,
    unmodelled: { proration_date: true },
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      if (subscription.status !== 'paused') {
        refuse('You can only resume a subscription that is paused.');
      }
      resume(call, subscription);
      return subscription;
    },
  }),
];

/** https://docs.stripe.com/billing/subscriptions/pause names these; the words are not Stripe's. */
export function refuseUnpausable(subscription: Subscription): void {
  if (!isFlexible(subscription)) {
    refuse('This subscription cannot be paused because its billing mode is not flexible.');
  }
  if (subscription.collection_method === 'send_invoice') {
    refuse('This subscription cannot be paused because its invoices are sent to the customer.');
  }
  if (subscription.status === 'paused') refuse('This subscription is already paused.');
}

function hasStatus(subscription: Subscription, status?: (typeof statuses)[number]): boolean {
  if (status === undefined) return subscription.status !== 'canceled';
  if (status === 'all') return true;
  if (status === 'ended') return !isLiving(subscription);
  return subscription.status === status;
}
