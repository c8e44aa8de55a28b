import type { Subscription } from '../customers/customer.ts';
import { makesSense, type Flow } from '../portal/flow.ts';
import type { Goal, Intent } from '../portal/intent.ts';
import { has, mayHave, type Portal } from '../portal/portals.ts';
import type { Language } from './languages/language.ts';
import { isDue, stateOf } from './subscription-state.ts';

export type Action = { flow: Goal | undefined; label: string };

/**
 * What makes sense now and is known to be switched on in the customer's portal, apart from paying
 * the invoices that are shown. Stripe has no flow for resuming, and none for invoices: the
 * portal's home has both.
 */
export function actionsFor(
  subscription: Subscription,
  asked: Intent,
  isUnknown: boolean,
  hasInvoice: boolean,
  portal: Portal,
  { actions }: Language,
): Action[] {
  const { flow, price, quantity } = asked;
  const suits = (wanted: Flow) => makesSense({ flow: wanted, price, quantity }, subscription);
  if (flow === 'pay') return [];
  if (flow) return suits(flow) && mayHave(portal, flow) ? [{ flow, label: actions.choose }] : [];
  const { terms } = subscription;
  const state = stateOf(subscription);
  const offer = (wanted: 'subscription_cancel' | 'subscription_pause', label: string): Action[] =>
    has(portal, wanted) && suits(wanted) ? [{ flow: wanted, label }] : [];
  const cancel = offer('subscription_cancel', actions.cancel);
  if (isDue(state)) {
    // A new card settles no first invoice, and none that was sent.
    const isCharged = state !== 'incomplete' && !terms?.sendsInvoices;
    const canUpdate = isCharged && mayHave(portal, 'payment_method_update');
    return [
      ...(canUpdate
        ? [{ flow: 'payment_method_update' as const, label: actions.updateMethod }]
        : []),
      ...(isUnknown || hasInvoice || isHidden(portal)
        ? []
        : [{ flow: undefined, label: actions.seeInvoices }]),
      ...cancel,
    ];
  }
  switch (state) {
    case 'cancelled':
      return has(portal, 'subscription_cancel') && (terms?.isResumable ?? true)
        ? [{ flow: undefined, label: actions.keep }]
        : [];
    case 'paused':
      return has(portal, 'subscription_pause') && terms?.isResumable
        ? [{ flow: undefined, label: actions.resume }]
        : [];
    default:
      return [
        ...(suits('subscription_update') ? changesIn(portal, actions) : []),
        ...offer('subscription_pause', actions.pause),
        ...cancel,
      ];
  }
}

/** What the portal lets customers change about a subscription. */
function changesIn(portal: Portal, actions: Language['actions']): Action[] {
  const { updates = [] } = portal;
  if (!has(portal, 'subscription_update')) return [];
  const flow = 'subscription_update';
  if (updates.includes('price')) return [{ flow, label: actions.changePlan }];
  return updates.includes('quantity') ? [{ flow, label: actions.changeQuantity }] : [];
}

/** The portal is known to show no invoices. */
const isHidden = ({ features }: Portal) => features?.includes('invoice_history') === false;
