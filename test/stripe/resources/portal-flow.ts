import { checkUrl } from '../protocol/common-parameters.ts';
import { find } from '../protocol/find.ts';
import { integer, list, missingParameter, object } from '../protocol/parameters.ts';
import { isLiving } from './subscription-changes.ts';
import { refuseUnpausable } from './subscriptions.ts';
import { missing, refuse } from '../protocol/errors.ts';
import { oneOf, required, string, text } from '../protocol/parameters.ts';
import type { AfterCompletion, Configuration, Features, Flow } from '../portal-objects.ts';
import type { FlowType } from '../portal-objects.ts';
import type { State } from '../state.ts';
import type { Subscription } from '../objects.ts';
import type { Values } from '../protocol/parameters.ts';

const ofSubscription = { subscription: required(string) };

const fields = {
  after_completion: object({
    hosted_confirmation: object({ custom_message: text(500) }),
    redirect: object({ return_url: required(string) }),
    type: required(oneOf('hosted_confirmation', 'portal_homepage', 'redirect')),
  }),
  subscription_cancel: object({
    ...ofSubscription,
    retention: object({
      coupon_offer: required(object({ coupon: required(string) })),
      type: required(oneOf('coupon_offer')),
    }),
  }),
  subscription_pause: object(ofSubscription),
  subscription_update: object(ofSubscription),
  subscription_update_confirm: object({
    ...ofSubscription,
    discounts: list(object({ coupon: string, promotion_code: string })),
    items: required(list(object({ id: required(string), price: string, quantity: integer() }))),
  }),
  type: required(
    oneOf(
      'customer_update',
      'payment_method_update',
      'subscription_cancel',
      'subscription_pause',
      'subscription_update',
      'subscription_update_confirm',
    ),
  ),
};

export const flowData = object(fields);
export type FlowData = Values<typeof fields>;

type Feature = Exclude<keyof Features, 'invoice_history'>;

const features: Readonly<Record<FlowType, [name: Feature, cannot: string, called: string]>> = {
  customer_update: ['customer_update', 'customer cannot be updated', 'customer update'],
  payment_method_update: [
    'payment_method_update',
    'payment method cannot be updated',
    'payment method update',
  ],
  subscription_cancel: [
    'subscription_cancel',
    'subscription cannot be canceled',
    'subscription cancellation',
  ],
  subscription_pause: ['subscription_pause', 'subscription cannot be paused', 'subscription pause'],
  subscription_update: [
    'subscription_update',
    'subscription cannot be updated',
    'subscription update',
  ],
  subscription_update_confirm: [
    'subscription_update',
    'subscription cannot be updated',
    'subscription update',
  ],
};

/** The flow as the session carries it, once all it names is there and switched on. */
export function readFlow(
  state: State,
  customer: string,
  configuration: Configuration,
  data: FlowData,
): Flow {
  const subscription = findSubscription(state, customer, configuration.livemode, data);
  const [feature, cannot, called] = features[data.type];
  if (!configuration.features[feature].enabled) {
    refuse(`This ${cannot} because the ${called} feature in the portal configuration is disabled.`);
  }
  if (subscription) refusePointless(data, subscription, configuration);
  const offered = data.subscription_cancel?.retention?.coupon_offer.coupon;
  if (offered !== undefined) {
    const name = 'flow_data[subscription_cancel][retention][coupon_offer][coupon]';
    find(state.coupons, configuration.livemode, 'coupon', offered, name);
  }
  const { subscription_cancel: cancel, subscription_update_confirm: confirm } = data;
  return {
    after_completion: readAfterCompletion(data.after_completion),
    customer_update: data.type === 'customer_update' ? {} : null,
    subscription_cancel: cancel
      ? { retention: cancel.retention ?? null, subscription: cancel.subscription }
      : null,
    subscription_pause: data.subscription_pause ?? null,
    subscription_update: data.subscription_update ?? null,
    subscription_update_confirm: confirm
      ? {
          discounts:
            confirm.discounts?.map(({ coupon = null, promotion_code: code = null }) => ({
              coupon,
              promotion_code: code,
            })) ?? null,
          items: confirm.items.map(({ price, quantity, ...item }) => ({
            ...item,
            price: price ?? null,
            ...(quantity !== undefined && { quantity }),
          })),
          subscription: confirm.subscription,
        }
      : null,
    type: data.type,
  };
}

// Refused without a code and without a parameter.
function refusePointless(
  data: FlowData,
  subscription: Subscription,
  configuration: Configuration,
): void {
  const { id, cancel_at: end, collection_method: collection } = subscription;
  if (data.type === 'subscription_cancel' && end !== null) {
    refuse(`The subscription ${id} is already set to be canceled at period end.`);
  }
  if (data.type === 'subscription_pause') refuseUnpausable(subscription);
  if (!data.type.startsWith('subscription_update')) return;
  if (collection === 'send_invoice') {
    // Known to be refused, not in which words.
    refuse('This subscription cannot be updated because its collection method is send_invoice.');
  }
  if (data.subscription_update_confirm) {
    refuseUnchanged(data.subscription_update_confirm, subscription, configuration);
  }
}

type Confirm = NonNullable<FlowData['subscription_update_confirm']>;

function refuseUnchanged(
  { items, discounts = [] }: Confirm,
  subscription: Subscription,
  { id: configuration, features: { subscription_update: feature } }: Configuration,
): void {
  const offered = new Set(feature.products?.flatMap(({ prices }) => prices));
  let changes = discounts.length;
  for (const { id, price, quantity } of items) {
    const item = subscription.items.data.find((candidate) => candidate.id === id);
    if (!item) throw missing('subscription_item', id, 'flow_data[subscription_update_confirm]');
    const isNewPrice = price !== undefined && price !== item.price.id;
    if (isNewPrice && !offered.has(price)) {
      refuse(
        `The item \`${id}\` cannot be updated to price \`${price}\` because the configuration ` +
          `\`${configuration}\` does not include the price in its ` +
          '`features[subscription_update][products]`.',
      );
    }
    if (isNewPrice || (quantity !== undefined && quantity !== item.quantity)) changes += 1;
  }
  if (changes === 0) {
    refuse('Cannot update the subscription because there are no changes to confirm.');
  }
}

function findSubscription(
  state: State,
  customer: string,
  livemode: boolean,
  data: FlowData,
): Subscription | undefined {
  if (data.type === 'customer_update' || data.type === 'payment_method_update') return undefined;
  const name = `flow_data[${data.type}]`;
  const id = data[data.type]?.subscription;
  if (id === undefined) throw missingParameter(name);
  const param = `${name}[subscription]`;
  const subscription = find(state.subscriptions, livemode, 'subscription', id, param);
  if (subscription.customer === customer && isLiving(subscription)) return subscription;
  throw missing('subscription', id, param);
}

function readAfterCompletion(given: FlowData['after_completion']): AfterCompletion {
  const type = given?.type ?? 'portal_homepage';
  const name = 'flow_data[after_completion][redirect]';
  if (type === 'redirect' && !given?.redirect) throw missingParameter(name);
  const { custom_message: message = null } = given?.hosted_confirmation ?? {};
  return {
    hosted_confirmation: type === 'hosted_confirmation' ? { custom_message: message } : null,
    redirect: given?.redirect
      ? { return_url: checkUrl(given.redirect.return_url, `${name}[return_url]`) }
      : null,
    type,
  };
}
