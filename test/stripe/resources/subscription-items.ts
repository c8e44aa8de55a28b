import { find } from '../protocol/find.ts';
import { invalid, missing } from '../protocol/errors.ts';
import { missingParameter } from '../protocol/parameters.ts';
import { newId } from '../identifiers.ts';
import { nextPeriodEnd } from './periods.ts';
import { readRates } from './tax-rates.ts';
import { redeemFor } from './discounts.ts';
import type { Plan, Price, Subscription, SubscriptionItem } from '../objects.ts';
import type { DiscountInput } from './discounts.ts';
import type { State } from '../state.ts';

export type ItemInput = {
  id?: string | undefined;
  price?: string | undefined;
  quantity?: number | undefined;
  deleted?: boolean | undefined;
  discounts?: DiscountInput[] | undefined;
  tax_rates?: string[] | undefined;
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

type Owner = { id: string; customer: string };

/** A new item as its parameters describe it; `name` is theirs. */
export function newItem(
  place: Place,
  owner: Owner,
  { price: priceId, quantity, discounts = [], tax_rates: rates = [] }: ItemInput,
  name: string,
  period: Period,
): SubscriptionItem {
  if (priceId === undefined) throw missingParameter(`${name}[price]`);
  const price = subscribable(place, priceId, `${name}[price]`);
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && quantity !== undefined) {
    const message = 'Quantity should not be specified where usage_type is `metered`.';
    throw invalid(`${name}[quantity]`, message);
  }
  const id = `si_${newId('').slice(1, 15)}`;
  const redeemed = discounts.map((each, index) =>
    redeemFor(place, each, { customer: owner.customer, item: id }, `${name}[discounts][${index}]`),
  );
  return {
    id,
    object: 'subscription_item',
    created: period.start,
    current_period_end: period.end ?? nextPeriodEnd(price, period.start),
    current_period_start: period.start,
    metadata: {},
    plan: planOf(price),
    price,
    ...(!isMetered && { quantity: quantity ?? 1 }),
    subscription: owner.id,
    ...unchanging,
    discounts: redeemed,
    tax_rates: readRates(place, rates, `${name}[tax_rates]`),
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
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring?.interval ?? 'month',
    interval_count: recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: recurring?.meter ?? null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: recurring?.trial_period_days ?? null,
    usage_type: recurring?.usage_type ?? 'licensed',
  };
}

/** The items after an update: named ones change, the others stay, new prices are added. */
export function updateItems(
  place: Place,
  subscription: Subscription,
  inputs: readonly ItemInput[],
): Subscription['items'] {
  const items = structuredClone(subscription.items);
  for (const [index, input] of inputs.entries()) {
    const { id, price, quantity, deleted } = input;
    const name = `items[${index}]`;
    const item = items.data.find((candidate) => candidate.id === id);
    if (item === undefined) {
      if (id !== undefined) throw missing('subscription_item', id, `${name}[id]`);
      const start = place.state.seconds();
      items.data.push(newItem(place, subscription, input, name, { start }));
    } else if (deleted) {
      items.data.splice(items.data.indexOf(item), 1);
    } else {
      if (price !== undefined) item.price = subscribable(place, price, `${name}[price]`);
      item.plan = planOf(item.price);
      if (quantity !== undefined) item.quantity = quantity;
    }
  }
  return { ...items, total_count: items.data.length };
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = { billing_thresholds: null, current_trial: null };
