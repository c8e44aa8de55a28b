import type { SubscriptionItem } from '../customers/schema.ts';
import type { Subscription } from '../customers/customer.ts';
import type { Intent } from '../portal/intent.ts';
import { makesSense, type Flow } from '../portal/flow.ts';
import { ManageForm } from './form.tsx';
import { isInterval, type Language } from './languages/language.ts';
import type { Locale } from './locale.ts';
import { formatDay, formatMoney } from './money.ts';

type State = keyof Language['states'];

/** One subscription in plain words: what it is, what it costs, what comes next, what to do. */
export function SubscriptionLine({
  subscription,
  locale,
  asked,
}: {
  subscription: Subscription;
  locale: Locale;
  /** What the visitor came for. If it has a flow, only that one is offered. */
  asked: Intent;
}) {
  const { language } = locale;
  const state = stateOf(subscription);
  const name = productsOf(subscription);
  const actions = actionsFor(subscription, asked);
  return (
    <li>
      <h3>
        {name} <span class={`state ${state}`}>{language.states[state]}</span>
      </h3>
      {subscription.items.map((item) => (
        <p>{priceOf(item, locale)}</p>
      ))}
      <p class="quiet">{nextOf(subscription, locale)}</p>
      {actions.length > 0 && (
        <div class="actions">
          {actions.map(({ flow, label }) => (
            <ManageForm intent={{ ...asked, flow, subscription: flow && subscription.id }}>
              <button
                class="button plain"
                type="submit"
                aria-label={`${language.actions[label]}: ${name}`}
              >
                {language.actions[label]}
              </button>
            </ManageForm>
          ))}
        </div>
      )}
    </li>
  );
}

export function productsOf({ items }: Pick<Subscription, 'items'>): string {
  return [...new Set(items.map(({ product }) => product))].join(' + ');
}

function stateOf({ status, cancelAt, paused }: Subscription): State {
  if (status === 'past_due' || status === 'unpaid') return 'pastDue';
  if (status === 'incomplete') return 'incomplete';
  if (cancelAt !== null) return 'cancelled';
  if (paused) return 'paused';
  return status === 'trialing' ? 'trial' : 'active';
}

function nextOf(subscription: Subscription, { language, tag }: Locale): string {
  const { cancelAt, currentPeriodEnd, resumesAt, trialEnd } = subscription;
  const on = (seconds: number | null, say: (date: string) => string, otherwise = '') =>
    seconds === null ? otherwise : say(formatDay(seconds, tag));
  const next: Record<State, string> = {
    pastDue: language.pastDueAdvice,
    incomplete: language.incompleteAdvice,
    cancelled: on(cancelAt, language.endsOn),
    paused: on(resumesAt, language.pausedUntil, language.pausedOpenly),
    trial: on(trialEnd, language.trialUntil),
    active: on(currentPeriodEnd, language.renewsOn),
  };
  return next[stateOf(subscription)];
}

function priceOf(item: SubscriptionItem, { language, tag }: Locale): string {
  const { amount, currency, interval, intervalCount, quantity } = item;
  const times = quantity !== null && quantity > 1 ? `${quantity} × ` : '';
  // Tiered prices have no single amount; the portal shows them.
  if (amount === null) return `${times}${item.product}`;
  const price = formatMoney(amount, currency, tag);
  return isInterval(interval)
    ? `${times}${language.per(price, interval, intervalCount ?? 1)}`
    : `${times}${price}`;
}

type Action = { flow: Flow | undefined; label: keyof Language['actions'] };

/** What makes sense now. Resuming is done on the portal's home: Stripe has no flow for it. */
function actionsFor(subscription: Subscription, asked: Intent): Action[] {
  const { price, quantity } = asked;
  const can = (flow: Flow) => makesSense({ flow, price, quantity }, subscription);
  if (asked.flow) return can(asked.flow) ? [{ flow: asked.flow, label: 'choose' }] : [];
  const actions: Action[] = [];
  const state = stateOf(subscription);
  if (state === 'pastDue' || state === 'incomplete') {
    actions.push({ flow: 'payment_method_update', label: 'updateCard' });
  }
  if (state === 'cancelled' || state === 'paused')
    actions.push({ flow: undefined, label: 'resume' });
  if (state === 'active' || state === 'trial') {
    if (can('subscription_update'))
      actions.push({ flow: 'subscription_update', label: 'changePlan' });
    if (can('subscription_cancel')) actions.push({ flow: 'subscription_cancel', label: 'cancel' });
  }
  return actions;
}
