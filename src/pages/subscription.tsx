import type { SubscriptionItem } from '../customers/schema.ts';
import type { Subscription } from '../customers/store.ts';

const LOCALE = 'en';

/** One subscription in plain words: what it is, what it costs, and what happens next. */
export function SubscriptionLine({ subscription }: { subscription: Subscription }) {
  return (
    <li>
      {subscription.items.map((item) => (
        <p>
          <strong>{item.product}</strong>
          <br />
          {priceOf(item)}
        </p>
      ))}
      <p class="quiet">{stateOf(subscription)}</p>
    </li>
  );
}

function stateOf({ status, cancelAt, currentPeriodEnd, trialEnd, paused }: Subscription): string {
  if (cancelAt !== null) return `Cancelled; ends on ${day(cancelAt)}`;
  if (paused) return 'Paused';
  switch (status) {
    case 'past_due':
    case 'unpaid':
      return 'Payment is overdue: please update your card';
    case 'incomplete':
      return 'The first payment is not complete yet';
    case 'trialing':
      return trialEnd === null ? 'On trial' : `On trial until ${day(trialEnd)}`;
    default:
      return currentPeriodEnd === null ? 'Active' : `Renews on ${day(currentPeriodEnd)}`;
  }
}

function priceOf({
  amount,
  currency,
  interval,
  intervalCount,
  quantity,
}: SubscriptionItem): string {
  if (amount === null) return '';
  const format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const price = format.format(amount / 10 ** digits);
  const times = quantity !== null && quantity > 1 ? `${quantity} × ` : '';
  if (interval === null) return `${times}${price}`;
  return intervalCount !== null && intervalCount > 1
    ? `${times}${price} every ${intervalCount} ${interval}s`
    : `${times}${price} per ${interval}`;
}

function day(seconds: number): string {
  const format = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(seconds * 1000);
}
