import { checkUrl } from '../protocol/common-parameters.ts';
import { find } from '../protocol/find.ts';
import { integer, list, missingParameter, object } from '../protocol/parameters.ts';
import { isLiving } from './subscription-changes.ts';
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
  if (data.type === 'subscription_cancel' && subscription && subscription.cancel_at !== null) {
    refuse(`The subscription '${subscription.id}' is already set to be canceled.`);
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
          discounts: confirm.discounts ?? null,
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
