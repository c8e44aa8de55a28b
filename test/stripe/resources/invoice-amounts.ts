import type { State } from '../state.ts';
import type { Subscription, SubscriptionItem, TaxRate, Tier } from '../objects.ts';

/** The rate of automatic tax here. Prices that do not say so have it on top. */
const AUTOMATIC: Pick<TaxRate, 'inclusive' | 'percentage'> = { inclusive: false, percentage: 10 };

/** What an invoice for the present period comes to, before and after discounts and tax on top. */
export function invoiceOf(
  state: State,
  subscription: Subscription,
): { subtotal: number; total: number } {
  if (subscription.status === 'trialing') return { subtotal: 0, total: 0 };
  const { items, discounts, customer } = subscription;
  const general = state.customers.get(customer)?.discount;
  const own = discounts.length === 0 && general ? [general.id] : discounts;
  let subtotal = 0;
  let total = 0;
  for (const item of items.data) {
    const amount = amountOf(state, item, subscription.currency);
    subtotal += amount;
    const reduced = reduce(state, reduce(state, amount, item.discounts), own);
    const rates = ratesOf(item, subscription).filter(({ inclusive }) => !inclusive);
    const tax = rates.reduce((sum, { percentage }) => sum + (reduced * percentage) / 100, 0);
    total += reduced + Math.round(tax);
  }
  return { subtotal, total };
}

/** Usage is billed afterwards, and none is counted here. */
function amountOf(state: State, { price, quantity }: SubscriptionItem, currency: string): number {
  if (quantity === undefined) return 0;
  const tiers = state.tiers.get(price.id);
  if (tiers) return tieredAmount(tiers, price.tiers_mode, quantity);
  const { divide_by: by, round } = price.transform_quantity ?? { divide_by: 1, round: 'up' };
  const pieces = round === 'up' ? Math.ceil(quantity / by) : Math.floor(quantity / by);
  const option = currency === price.currency ? undefined : state.currencyOptions.get(price.id);
  return Math.round(pieces * (option?.[currency] ?? Number(price.unit_amount_decimal)));
}

function tieredAmount(tiers: Tier[], mode: string | null, quantity: number): number {
  const limit = ({ up_to: upTo }: Tier) => (upTo === 'inf' ? Infinity : upTo);
  const cost = ({ unit_amount: each = 0, flat_amount: flat = 0 }: Tier, count: number) =>
    flat + each * count;
  if (mode === 'volume') {
    const tier = tiers.find((each) => quantity <= limit(each));
    return tier ? cost(tier, quantity) : 0;
  }
  let left = quantity;
  let from = 0;
  let sum = 0;
  for (const tier of tiers) {
    const count = Math.min(left, limit(tier) - from);
    if (count > 0) sum += cost(tier, count);
    left -= count;
    from = limit(tier);
  }
  return sum;
}

function reduce(state: State, amount: number, discounts: string[]): number {
  return discounts.reduce((left, id) => {
    const discount = state.discounts.get(id);
    const coupon = discount && state.coupons.get(discount.source.coupon);
    const off = coupon?.amount_off ?? (left * (coupon?.percent_off ?? 0)) / 100;
    return Math.max(0, Math.round(left - off));
  }, amount);
}

function ratesOf(
  { price, tax_rates: own }: SubscriptionItem,
  { automatic_tax: automatic, default_tax_rates: general }: Subscription,
): Pick<TaxRate, 'inclusive' | 'percentage'>[] {
  if (!automatic.enabled) return own.length > 0 ? own : general;
  return [{ ...AUTOMATIC, inclusive: price.tax_behavior === 'inclusive' }];
}
