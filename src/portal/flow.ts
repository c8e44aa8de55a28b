import type { Stripe } from 'stripe';
import type { Subscription } from '../customers/customer.ts';

/** Every flow that a portal session can open with, by Stripe's names. */
export const FLOWS = [
  'customer_update',
  'payment_method_update',
  'subscription_cancel',
  'subscription_pause',
  'subscription_update',
  'subscription_update_confirm',
] as const satisfies Stripe.BillingPortal.SessionCreateParams.FlowData.Type[];

export type Flow = (typeof FLOWS)[number];
export type FlowData = Stripe.BillingPortal.SessionCreateParams.FlowData;

/** What a flow was asked for with. The price is Stripe's to check against the portal's products. */
export type FlowRequest = { flow: Flow; price: string | undefined; quantity: number | undefined };

export type FlowPlan =
  | { kind: 'flow'; data: FlowData }
  /** It makes no sense now: the portal's home is opened in its place. */
  | { kind: 'unavailable' }
  /** It could be meant for any of several subscriptions. */
  | { kind: 'ambiguous'; subscriptions: string[] };

/**
 * What to open for a flow, given the subscriptions that it may be about: those of one customer,
 * or the one that was asked for.
 *
 * @param returnUrl  where the flow leads once it is completed
 * @param coupon  what Stripe offers to somebody who comes to cancel
 */
export function planFlow(
  request: FlowRequest,
  subscriptions: Subscription[],
  returnUrl: string,
  coupon?: string,
): FlowPlan {
  const { flow } = request;
  const after: Pick<FlowData, 'after_completion'> = {
    after_completion: { type: 'redirect', redirect: { return_url: returnUrl } },
  };
  if (flow === 'customer_update' || flow === 'payment_method_update') {
    return { kind: 'flow', data: { type: flow, ...after } };
  }
  const sensible = subscriptions.filter((each) => makesSense(request, each));
  const [subscription, another] = sensible;
  if (!subscription) return { kind: 'unavailable' };
  if (another) return { kind: 'ambiguous', subscriptions: sensible.map(({ id }) => id) };
  return {
    kind: 'flow',
    data: { type: flow, ...after, ...detailsOf(request, subscription, coupon) },
  };
}

/** Whether the flow can apply to the subscription in its present state. */
export function makesSense({ flow, price }: FlowRequest, subscription: Subscription): boolean {
  const { status, cancelAt, paused, items, terms } = subscription;
  const isRunning = ['active', 'trialing', 'past_due'].includes(status);
  const isChangeable = isRunning && items.length === 1 && !terms?.sendsInvoices;
  switch (flow) {
    case 'subscription_cancel':
      return cancelAt === null && (isRunning || status === 'unpaid' || status === 'paused');
    case 'subscription_pause':
      return cancelAt === null && isRunning && !paused && !terms?.sendsInvoices;
    // The portal changes subscriptions of a single item only, and none that send invoices.
    // https://docs.stripe.com/customer-management#limitations
    case 'subscription_update':
      return isChangeable;
    case 'subscription_update_confirm':
      return isChangeable && price !== undefined;
    default:
      return true;
  }
}

function detailsOf(
  { flow, price, quantity }: FlowRequest,
  { id, items }: Subscription,
  coupon: string | undefined,
) {
  const subscription = { subscription: id };
  if (flow === 'subscription_cancel') {
    return { subscription_cancel: { ...subscription, ...(coupon && retentionBy(coupon)) } };
  }
  if (flow === 'subscription_pause') return { subscription_pause: subscription };
  if (flow === 'subscription_update') return { subscription_update: subscription };
  const item = {
    id: items[0]?.id ?? '',
    ...(price !== undefined && { price }),
    ...(quantity !== undefined && { quantity }),
  };
  return { subscription_update_confirm: { ...subscription, items: [item] } };
}

// https://docs.stripe.com/customer-management/portal-deep-links#retention
const retentionBy = (coupon: string) => ({
  retention: { type: 'coupon_offer' as const, coupon_offer: { coupon } },
});

/** The same flow without what is offered to stay; undefined if nothing is. */
export function withoutRetention(data: FlowData): FlowData | undefined {
  const { retention, ...cancel } = data.subscription_cancel ?? {};
  if (!retention || !('subscription' in cancel)) return undefined;
  return { ...data, subscription_cancel: cancel };
}
