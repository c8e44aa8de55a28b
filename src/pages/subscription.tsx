import type { Child } from 'hono/jsx';
import { productsOf, type Subscription } from '../customers/customer.ts';
import type { Intent } from '../portal/intent.ts';
import { ManageForm } from './form.tsx';
import type { Locale } from './locale.ts';
import { formatDay } from './money.ts';
import { Prices } from './price.tsx';
import type { Action } from './subscription-actions.ts';
import { isDue, stateOf } from './subscription-state.ts';

/** One subscription in plain words: what it is, what it costs, what comes next, what to do. */
export function SubscriptionLine({
  subscription,
  actions,
  isAsked,
  hasInvoice,
  locale,
  asked,
  children,
}: {
  subscription: Subscription;
  actions: Action[];
  /** Stripe has said what is due. */
  isAsked: boolean;
  hasInvoice: boolean;
  locale: Locale;
  /** What the visitor came for. */
  asked: Intent;
  /** Its open invoices. */
  children: Child;
}) {
  const { language } = locale;
  const state = stateOf(subscription);
  const name = productsOf(subscription);
  // Later invoices of an unpaid subscription are drafts, which nobody can pay.
  const isNoneOpen = state === 'unpaid' && isAsked && !hasInvoice;
  const next = isNoneOpen ? language.due.noneOpen : nextOf(subscription, locale);
  const { id } = subscription;
  return (
    <li>
      <h3>
        <bdi>{name}</bdi>
        {badgesOf(subscription, locale).map((badge, position) => (
          <>
            {' '}
            <span class={isDue(state) && position === 0 ? 'state due' : 'state'}>{badge}</span>
          </>
        ))}
      </h3>
      <div id={id}>
        <Prices subscription={subscription} locale={locale} />
        {next !== undefined && <p class="quiet">{next}</p>}
      </div>
      {children}
      {actions.length > 0 && (
        <div class="actions">
          {actions.map(({ flow, label }) => (
            <ManageForm intent={{ ...asked, flow, subscription: flow && subscription.id }}>
              <button
                class="button plain"
                type="submit"
                aria-label={`${label}: ${name}`}
                aria-describedby={id}
              >
                {label}
              </button>
            </ManageForm>
          ))}
        </div>
      )}
    </li>
  );
}

/** What it is in. An end that is set does not go away with what is due. */
function badgesOf(subscription: Subscription, { language, tag }: Locale): string[] {
  const { cancelAt } = subscription;
  const state = stateOf(subscription);
  const end = cancelAt === null ? [] : [language.endsOn(formatDay(cancelAt, tag))];
  return state === 'cancelled' ? end : [language.states[state], ...(isDue(state) ? end : [])];
}

/** What comes next, and what the customer has to know of it. */
function nextOf(subscription: Subscription, locale: Locale): string | undefined {
  const { language, tag } = locale;
  const { trialEnd } = subscription;
  const state = stateOf(subscription);
  switch (state) {
    case 'cancelled':
      return undefined;
    case 'paused':
      return pauseOf(subscription, locale);
    case 'trial':
      return trialEnd === null ? undefined : language.trialUntil(formatDay(trialEnd, tag));
    case 'active':
      return renewalOf(subscription, locale);
    default:
      return language.dueAdvice[state];
  }
}

/** Only a pause that the customer asked for is promised to end when they like. */
function pauseOf({ resumesAt, terms }: Subscription, { language, tag }: Locale): string {
  if (resumesAt !== null) return language.pausedUntil(formatDay(resumesAt, tag));
  return terms?.isResumable ? language.pausedOpenly : language.pausedForNow;
}

/** It renews, unless a schedule changes it, or may. Rows from before there were terms may end. */
function renewalOf(
  { currentPeriodEnd, terms }: Subscription,
  { language, tag }: Locale,
): string | undefined {
  if (currentPeriodEnd === null) return undefined;
  const end = formatDay(currentPeriodEnd, tag);
  if (!terms || terms.mayChange) return language.periodEndsOn(end);
  const { changesAt } = terms;
  return changesAt === null
    ? language.renewsOn(end)
    : language.changesOn(formatDay(changesAt, tag));
}
