import type { Subscription } from '../customers/customer.ts';
import { makesSense, type Flow } from '../portal/flow.ts';
import type { Goal, Intent } from '../portal/intent.ts';
import type { Language } from './languages/language.ts';
import { isDue, stateOf } from './subscription-state.ts';

export type Action = { flow: Goal | undefined; label: string };

/**
 * What makes sense now, apart from paying the invoices that are shown. Stripe has no flow for
 * resuming, and none for invoices: the portal's home has both.
 */
export function actionsFor(
  subscription: Subscription,
  asked: Intent,
  isUnknown: boolean,
  hasInvoice: boolean,
  { actions }: Language,
): Action[] {
  const { flow, price, quantity } = asked;
  const can = (wanted: Flow) => makesSense({ flow: wanted, price, quantity }, subscription);
  if (flow === 'pay') return [];
  if (flow) return can(flow) ? [{ flow, label: actions.choose }] : [];
  const { terms } = subscription;
  const state = stateOf(subscription);
  const cancel = can('subscription_cancel')
    ? [{ flow: 'subscription_cancel' as const, label: actions.cancel }]
    : [];
  if (isDue(state)) {
    // A new card settles no first invoice, and none that was sent.
    const isCharged = state !== 'incomplete' && !terms?.sendsInvoices;
    return [
      ...(isCharged
        ? [{ flow: 'payment_method_update' as const, label: actions.updateMethod }]
        : []),
      ...(isUnknown || hasInvoice ? [] : [{ flow: undefined, label: actions.seeInvoices }]),
      ...cancel,
    ];
  }
  switch (state) {
    case 'cancelled':
      return (terms?.isResumable ?? true) ? [{ flow: undefined, label: actions.resume }] : [];
    case 'paused':
      return terms?.isResumable ? [{ flow: undefined, label: actions.resume }] : [];
    default:
      return can('subscription_update')
        ? [{ flow: 'subscription_update', label: actions.changePlan }, ...cancel]
        : cancel;
  }
}
