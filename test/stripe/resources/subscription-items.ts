import { find } from '../protocol/find.ts';
import { invalid, missing } from '../protocol/errors.ts';
import { missingParameter } from '../protocol/parameters.ts';
import { newId } from '../identifiers.ts';
import type { Interval, Price, Subscription, SubscriptionItem } from '../objects.ts';
import type { State } from '../state.ts';

export type ItemInput = {
  id?: string | undefined;
  price?: string | undefined;
  quantity?: number | undefined;
  deleted?: boolean | undefined;
};

type Place = { state: State; livemode: boolean };
type Period = { start: number; end?: number | null };

/** The price of an item; only recurring prices can be subscribed to. */
export function subscribable({ state, livemode }: Place, id: string, param: string): Price {
  const price = find(state.prices, livemode, 'price', id, param);
  if (price.recurring && price.active) return structuredClone(price);
  const problem = price.recurring
    ? 'The price specified is inactive. This field only accepts active prices.'
    : 'The price specified is set to `type=one_time` but this field only accepts prices with ' +
      '`type=recurring`.';
  throw invalid(param, problem);
}

export function newItem(
  price: Price,
  subscription: string,
  quantity: number,
  period: Period,
): SubscriptionItem {
  const { interval = 'month', interval_count: count = 1 } = price.recurring ?? {};
  return {
    id: `si_${newId('').slice(1, 15)}`,
    object: 'subscription_item',
    created: period.start,
    current_period_end: period.end ?? addInterval(period.start, interval, count),
    current_period_start: period.start,
    metadata: {},
    price,
    quantity,
    subscription,
    ...unchanging,
  };
}

/** The items after an update: named ones change, the others stay, new prices are added. */
export function updateItems(
  place: Place,
  subscription: Subscription,
  inputs: readonly ItemInput[],
): Subscription['items'] {
  const items = structuredClone(subscription.items);
  for (const [index, { id, price, quantity, deleted }] of inputs.entries()) {
    const name = `items[${index}]`;
    const item = items.data.find((candidate) => candidate.id === id);
    const newPrice = price === undefined ? undefined : subscribable(place, price, `${name}[price]`);
    if (item === undefined) {
      if (id !== undefined) throw missing('subscription_item', id, `${name}[id]`);
      if (!newPrice) throw missingParameter(`${name}[price]`);
      const start = place.state.seconds();
      items.data.push(newItem(newPrice, subscription.id, quantity ?? 1, { start }));
    } else if (deleted) {
      items.data.splice(items.data.indexOf(item), 1);
    } else {
      item.price = newPrice ?? item.price;
      item.quantity = quantity ?? item.quantity;
    }
  }
  return { ...items, total_count: items.data.length };
}

/** A month later is the same day of the next month, or its last one. */
function addInterval(start: number, interval: Interval, count: number): number {
  const date = new Date(start * 1000);
  if (interval === 'day' || interval === 'week') {
    return start + count * (interval === 'day' ? 1 : 7) * 86_400;
  }
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * (interval === 'month' ? 1 : 12));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0));
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  return Math.floor(date.getTime() / 1000);
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = { billing_thresholds: null, current_trial: null, discounts: [], tax_rates: [] };
