import type { Configuration } from './configuration.ts';
import type { Desired } from './desired.ts';

/** One setting that differs from the file. Values are as JSON, or the word `nothing`. */
export type Difference = { path: string; is: string; wanted: string };

/** What has to change at Stripe; what the file does not speak of is left as it is. */
export function differences(
  configuration: Configuration | undefined,
  desired: Desired,
): Difference[] {
  return compare('', configuration, desired);
}

function compare(path: string, is: unknown, wanted: unknown): Difference[] {
  if (isProducts(path)) return comparePlans(path, plansIn(is), plansIn(wanted));
  if (isRecord(wanted)) {
    return Object.entries(wanted).flatMap(([name, inner]) =>
      compare(path === '' ? name : `${path}.${name}`, isRecord(is) ? is[name] : undefined, inner),
    );
  }
  return differing(path, show(is), show(wanted));
}

const differing = (path: string, is: string, wanted: string) =>
  is === wanted ? [] : [{ path, is, wanted }];

const isProducts = (path: string) => path === 'features.subscription_update.products';

type Plans = Map<string, string>;

/** A line for each product: those that the file no longer has end. */
function comparePlans(path: string, is: Plans, wanted: Plans): Difference[] {
  const products = [...new Set([...wanted.keys(), ...is.keys()])];
  return products.flatMap((product) =>
    differing(`${path}.${product}`, is.get(product) ?? NOTHING, wanted.get(product) ?? NOTHING),
  );
}

function plansIn(list: unknown): Plans {
  const plans = Array.isArray(list) ? list.filter(isRecord) : [];
  return new Map(plans.map((plan) => [String(plan['product']), showPlan(plan)]));
}

/** Without `adjustable_quantity`, Stripe lets nobody change the quantity. */
function showPlan({ prices, adjustable_quantity: given }: Record<string, unknown>): string {
  const quantity = isRecord(given) && given['enabled'] === true ? given : undefined;
  if (!quantity) return show(prices);
  const least = show(quantity['minimum'] ?? 1);
  const most = quantity['maximum'] ?? undefined;
  return `${show(prices)}, quantity from ${least}${most === undefined ? '' : ` to ${show(most)}`}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING = 'nothing';

/** Equal settings look equal: lists are sets at Stripe, and "" or an empty one means nothing. */
function show(value: unknown): string {
  if (value === undefined || value === null || value === '') return NOTHING;
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return NOTHING;
  return `[${value.map(showItem).toSorted(byCode).join(', ')}]`;
}

/** Of what Stripe expands, the id. A pause of one interval need not say that it is one. */
function showItem(item: unknown): string {
  if (!isRecord(item)) return JSON.stringify(item);
  if (typeof item['id'] === 'string') return JSON.stringify(item['id']);
  const { interval_count: number = 1, ...others } = item;
  return JSON.stringify('interval' in item ? { ...others, interval_count: number } : others);
}

const byCode = (one: string, other: string) => (one < other ? -1 : 1);
