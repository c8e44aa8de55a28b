import type { Subscription } from '../customers/customer.ts';
import type { SubscriptionItem } from '../customers/schema.ts';
import { isolate } from './isolate.ts';
import { isInterval, type Interval } from './languages/language.ts';
import type { Locale } from './locale.ts';
import { formatMoney } from './money.ts';

/** What a subscription costs: a number only where the invoice will say the same one. */
export function Prices({
  subscription: { items, terms },
  locale,
}: {
  subscription: Subscription;
  locale: Locale;
}) {
  const { language } = locale;
  const isOne = items.length === 1;
  const total = totalOf(items, locale);
  const discounts = terms?.discounts ?? [];
  const names = discounts.filter((name) => name !== null).map((name) => isolate(name));
  const named = names.length === discounts.length ? list(names, locale) : '';
  const hasAmount = items.some((item) => costOf(item));
  return (
    <>
      {items.map((item) => (
        <p>{lineOf(item, isOne, locale)}</p>
      ))}
      {total && <p>{language.total(total)}</p>}
      {hasAmount && discounts.length > 0 && (
        <p class="quiet">{language.beforeDiscount(named, discounts.length)}</p>
      )}
    </>
  );
}

type Cost = { each: number; quantity: number; interval: Interval; count: number };

/** Undefined where the amount is not certain, as in rows from before there were kinds of prices. */
function costOf(item: SubscriptionItem): Cost | undefined {
  const { pricing, amount, quantity, interval, intervalCount } = item;
  if (pricing !== 'fixed' || amount === null || !isInterval(interval)) return undefined;
  return { each: amount, quantity: quantity ?? 1, interval, count: intervalCount ?? 1 };
}

function lineOf(item: SubscriptionItem, isOne: boolean, locale: Locale): string {
  const { quantity } = item;
  const product = isolate(item.product);
  const times = quantity === null || quantity === 1 ? '' : `${quantity} × `;
  const cost = costOf(item);
  if (!cost) {
    const kind = kindOf(item, locale);
    return isOne && times === '' ? kind : times + product + locale.language.colon + kind;
  }
  const isFree = cost.each === 0;
  const price = isFree ? locale.language.free : times + priceOf(cost, item.currency, locale);
  return isOne ? price : product + locale.language.colon + price;
}

function priceOf(
  { each, interval, count }: Cost,
  currency: string,
  { language, tag }: Locale,
): string {
  return language.per(formatMoney(each, currency, tag), interval, count);
}

function kindOf({ pricing = 'other', currency }: SubscriptionItem, { language }: Locale): string {
  if (pricing === 'currency') return language.pricedIn(currency.toUpperCase());
  return language.pricing[pricing === 'fixed' ? 'other' : pricing];
}

/** What the items cost together, by interval; undefined if the one line says it all. */
function totalOf(items: SubscriptionItem[], locale: Locale): string | undefined {
  const costs = items.map((item) => costOf(item)).filter((cost) => cost !== undefined);
  const [first] = items;
  if (!first || costs.length < items.length) return undefined;
  if (items.length === 1 && costs[0]?.quantity === 1) return undefined;
  const sums = new Map<string, Cost>();
  for (const cost of costs) {
    const key = `${cost.count} ${cost.interval}`;
    const each = (sums.get(key)?.each ?? 0) + cost.each * cost.quantity;
    sums.set(key, { ...cost, each });
  }
  const parts = [...sums.values()].map((sum) => priceOf(sum, first.currency, locale));
  return list(parts, locale);
}

const list = (parts: string[], { tag }: Locale) => new Intl.ListFormat(tag).format(parts);
