import type { Child } from 'hono/jsx';
import type { Subscription } from '../customers/customer.ts';
import type { Intent } from '../portal/intent.ts';
import type { Portal } from '../portal/portals.ts';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { formatDay } from './money.ts';
import { Prices } from './price.tsx';
import { actionsFor } from './subscription-actions.ts';
import { isDue, stateOf, type State } from './subscription-state.ts';

/** One subscription in plain words: what it is, what it costs, what comes next, what to do. */
export function SubscriptionLine({
  subscription,
  isUnknown,
  isAsked,
  hasInvoice,
  portal,
  locale,
  asked,
  children,
}: {
  subscription: Subscription;
  /** Stripe did not say what is due. */
  isUnknown: boolean;
  /** Stripe has said what is due. */
  isAsked: boolean;
  hasInvoice: boolean;
  /** The portal that the customer gets. */
  portal: Portal;
  locale: Locale;
  /** What the visitor came for. If it has a flow, only that one is offered. */
  asked: Intent;
  /** Its open invoices. */
  children: Child;
}) {
  const { language } = locale;
  const state = stateOf(subscription);
  const name = productsOf(subscription);
  // Later invoices of an unpaid subscription are drafts, which nobody can pay.
  const isNoneOpen = state === 'unpaid' && isAsked && !hasInvoice;
  const actions = actionsFor(subscription, asked, isUnknown, hasInvoice, portal, language);
  // An end that is set does not go away with what is due.
  const states: State[] =
    isDue(state) && subscription.cancelAt !== null ? [state, 'cancelled'] : [state];
  return (
    <li>
      <h3>
        {name}
        {states.map((each) => (
          <>
            {' '}
            <span class={`state ${each}`}>{language.states[each]}</span>
          </>
        ))}
      </h3>
      <Prices subscription={subscription} locale={locale} />
      {(isNoneOpen ? [language.due.noneOpen] : nextOf(subscription, locale)).map((sentence) => (
        <p class="quiet">{sentence}</p>
      ))}
      {children}
      {actions.length > 0 && (
        <div class="actions">
          {actions.map(({ flow, label }) => (
            <ManageForm intent={{ ...asked, flow, subscription: flow && subscription.id }}>
              <button class="button plain" type="submit" aria-label={`${label}: ${name}`}>
                {label}
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
