import { find } from '../protocol/find.ts';
import { invalid, missing } from '../protocol/errors.ts';
import { missingParameter } from '../protocol/parameters.ts';
import { newId } from '../identifiers.ts';
import { nextPeriodEnd } from './periods.ts';
import type { Plan, Price, Subscription, SubscriptionItem } from '../objects.ts';
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
  return {
    id: `si_${newId('').slice(1, 15)}`,
    object: 'subscription_item',
    created: period.start,
    current_period_end: period.end ?? nextPeriodEnd(price, period.start),
    current_period_start: period.start,
    metadata: {},
    plan: planOf(price),
    price,
    quantity,
    subscription,
    ...unchanging,
    discounts: [],
    tax_rates: [],
  };
}

/** The same in the words of the time before prices. */
function planOf({ recurring, ...price }: Price): Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: recurring?.interval ?? 'month',
    interval_count: recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: recurring?.trial_period_days ?? null,
    usage_type: 'licensed',
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
      item.plan = planOf(item.price);
      item.quantity = quantity ?? item.quantity;
    }
  }
  return { ...items, total_count: items.data.length };
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = { billing_thresholds: null, current_trial: null };
