import { cancelNow, changeSubscription, isLiving } from './subscription-changes.ts';
import { boolean, object, oneOf, string } from '../protocol/parameters.ts';
import { createSubscription } from './subscription-create.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { isWithin, pagination, range } from '../protocol/common-parameters.ts';
import { missing } from '../protocol/errors.ts';
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

const cancelParameters = {
  cancellation_details: object({ comment: string, feedback: string }),
  invoice_now: boolean,
  prorate: boolean,
};

export const subscriptions: readonly Endpoint[] = [
  createSubscription,
  endpoint({
    method: 'GET',
    path,
    permission: 'rak_subscription_read',
    parameters: listParameters,
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
  endpoint({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_subscription_read',
    parameters: {},
    returns: 'subscription',
    answer: ({ state, livemode, id }) => find(state.subscriptions, livemode, 'subscription', id),
  }),
  endpoint({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_subscription_write',
    parameters: updateParameters,
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      const changes = readChanges(call, subscription, call.parameters);
      changeSubscription(call, subscription, changes);
      return subscription;
    },
  }),
  endpoint({
    method: 'DELETE',
    path: `${path}/:id`,
    permission: 'rak_subscription_write',
    parameters: cancelParameters,
    returns: 'subscription',
    answer(call) {
      const subscription = find(call.state.subscriptions, call.livemode, 'subscription', call.id);
      if (!isLiving(subscription)) throw missing('subscription', call.id, 'id');
      cancelNow(call, subscription);
      return subscription;
    },
  }),
];

function hasStatus(subscription: Subscription, status?: (typeof statuses)[number]): boolean {
  if (status === undefined) return subscription.status !== 'canceled';
  if (status === 'all') return true;
  if (status === 'ended') return !isLiving(subscription);
  return subscription.status === status;
}
