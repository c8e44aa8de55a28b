import { cancelInPortal, cancelNow, changeSubscription } from './resources/subscription-changes.ts';
import { pause } from './resources/subscription-changes.ts';
import { updateItems } from './resources/subscription-items.ts';
import type { Flow, PortalSession } from './portal-objects.ts';
import type { State } from './state.ts';
import type { Subscription } from './objects.ts';

/** The subscription a flow is about, if it is about one. */
export function flowSubscription(state: State, flow: Flow): Subscription | undefined {
  const id =
    flow.subscription_cancel?.subscription ??
    flow.subscription_pause?.subscription ??
    flow.subscription_update?.subscription ??
    flow.subscription_update_confirm?.subscription;
  return id === undefined ? undefined : state.subscriptions.get(id);
}

/** Does what the customer has confirmed. Details, cards and choices are not modelled. */
export function completeFlow(state: State, { flow, configuration }: PortalSession): void {
  if (!flow) return;
  const subscription = flowSubscription(state, flow);
  if (!subscription) return;
  const actor = { state, request: null };
  switch (flow.type) {
    case 'subscription_cancel': {
      if (cancelsImmediately(state, configuration)) cancelNow(actor, subscription);
      else cancelInPortal(actor, subscription);
      break;
    }
    case 'subscription_pause':
      pause(actor, subscription);
      break;
    case 'subscription_update_confirm': {
      const inputs = (flow.subscription_update_confirm?.items ?? []).map(
        ({ id, price, ...item }) => ({
          ...item,
          ...(id !== null && { id }),
          ...(price !== null && { price }),
        }),
      );
      const place = { state, livemode: subscription.livemode };
      const items = updateItems(place, subscription, inputs);
      changeSubscription(actor, subscription, { items });
      break;
    }
    case 'subscription_update':
    case 'customer_update':
    case 'payment_method_update':
      break;
  }
}

function cancelsImmediately(state: State, configuration: string): boolean {
  const features = state.configurations.get(configuration)?.features;
  return features?.subscription_cancel.mode === 'immediately';
}
