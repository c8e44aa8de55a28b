import type { Subscription } from '../customers/customer.ts';
import type { Intent } from '../portal/intent.ts';
import { makesSense, type Flow } from '../portal/flow.ts';
import { ManageForm } from './form.tsx';
import type { Language } from './languages/language.ts';
import type { Locale } from './locale.ts';
import { formatDay } from './money.ts';
import { Prices } from './price.tsx';

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
      <Prices subscription={subscription} locale={locale} />
      {nextOf(subscription, locale).map((sentence) => (
        <p class="quiet">{sentence}</p>
      ))}
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

function stateOf({ status, cancelAt, paused, terms }: Subscription): State {
  if (status === 'past_due') return terms?.sendsInvoices ? 'invoiceDue' : 'pastDue';
  if (status === 'unpaid' || status === 'incomplete') return status;
  if (cancelAt !== null) return 'cancelled';
  if (paused) return 'paused';
  return status === 'trialing' ? 'trial' : 'active';
}

/** What comes next, and what the customer has to know of it. */
function nextOf(subscription: Subscription, locale: Locale): string[] {
  const { language, tag } = locale;
  const { cancelAt, trialEnd } = subscription;
  const on = (seconds: number | null, say: (date: string) => string) =>
    seconds === null ? [] : [say(formatDay(seconds, tag))];
  const ends = on(cancelAt, language.endsOn);
  const state = stateOf(subscription);
  switch (state) {
    case 'cancelled':
      return ends;
    case 'paused':
      return [pauseOf(subscription, locale)];
    case 'trial':
      return on(trialEnd, language.trialUntil);
    case 'active':
      return renewalOf(subscription, locale);
    default:
      return [language.dueAdvice[state], ...ends];
  }
}

/** Only a pause that the customer asked for is promised to end when they like. */
function pauseOf({ resumesAt, terms }: Subscription, { language, tag }: Locale): string {
  if (resumesAt !== null) return language.pausedUntil(formatDay(resumesAt, tag));
  return terms?.isResumable ? language.pausedOpenly : language.pausedForNow;
}

/** It renews, unless a schedule changes it, or may. Rows from before there were terms may end. */
function renewalOf({ currentPeriodEnd, terms }: Subscription, { language, tag }: Locale): string[] {
  if (currentPeriodEnd === null) return [];
  const end = formatDay(currentPeriodEnd, tag);
  if (!terms || terms.mayChange) return [language.periodEndsOn(end)];
  const { changesAt } = terms;
  return [
    changesAt === null ? language.renewsOn(end) : language.changesOn(formatDay(changesAt, tag)),
  ];
}

type Action = { flow: Flow | undefined; label: keyof Language['actions'] };

/** What makes sense now. Stripe has no flow for resuming and paying: the portal's home has both. */
function actionsFor(subscription: Subscription, asked: Intent): Action[] {
  const { price, quantity } = asked;
  const can = (flow: Flow) => makesSense({ flow, price, quantity }, subscription);
  if (asked.flow) return can(asked.flow) ? [{ flow: asked.flow, label: 'choose' }] : [];
  const { terms } = subscription;
  switch (stateOf(subscription)) {
    case 'pastDue':
      return [{ flow: 'payment_method_update', label: 'updateCard' }];
    case 'invoiceDue':
    case 'unpaid':
    case 'incomplete':
      return [{ flow: undefined, label: 'seeInvoices' }];
    case 'cancelled':
      return (terms?.isResumable ?? true) ? [{ flow: undefined, label: 'resume' }] : [];
    case 'paused':
      return terms?.isResumable ? [{ flow: undefined, label: 'resume' }] : [];
    default:
      return CHANGES.filter(({ flow }) => can(flow));
  }
}

const CHANGES = [
  { flow: 'subscription_update', label: 'changePlan' },
  { flow: 'subscription_cancel', label: 'cancel' },
] as const;
