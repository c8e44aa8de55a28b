import type { Stripe } from 'stripe';

/** A key of customers' metadata, and on how many customers it is. */
export type KeyUse = {
  key: string;
  count: number;
  /** Nearly each customer has a value of its own, as ids do and plans or countries do not. */
  looksLikeId: boolean;
  /** What the values look like, such as `usr_…` or `digits`. Never a value. */
  shape: string;
};

const DISTINCT = 0.95;
// With fewer, any value can look like an id.
const LEAST = 2;
// The Worker's own rule for CUSTOMER_METADATA_KEY.
const USABLE = /^[\w.-]{1,40}$/;
const NAMES_A_USER = /user|uid|account|member|person|owner|tenant|org|team|workspace|customer|sub/i;
// What a customer has one of its own as well, and may have a second one tomorrow.
const OTHER_THINGS =
  /(?:^|[_.-])(?:e[_-]?mail|mail|orders?|invoices?|receipts?|payments?|charges?|checkout|cart|session|transaction|subscriptions?|coupon|quote|phone|tel|ip|url|date|time|created|updated|at)(?:$|[_.-])/i;
// E-mail addresses, names, telephone numbers, dates, addresses, and ids that Stripe gives.
const NO_IDS = [
  /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  /\s/,
  /^\+\d/,
  /^\d{4}-\d{2}-\d{2}/,
  /^https?:/,
  /^(?:cs|in|sub|pi|ch|seti|cus|price|prod|pm)_/,
];
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The keys that customers have, those that most probably name a user first. */
export function keysIn(customers: readonly Pick<Stripe.Customer, 'metadata'>[]): KeyUse[] {
  const values = new Map<string, string[]>();
  for (const { metadata } of customers) {
    for (const [key, value] of Object.entries(metadata)) {
      if (value !== '') values.set(key, [...(values.get(key) ?? []), value]);
    }
  }
  return [...values]
    .filter(([key]) => USABLE.test(key))
    .map(([key, all]) => ({
      key,
      count: all.length,
      looksLikeId: !namesAnother(key) && isDistinct(all),
      shape: shapeOf(all),
    }))
    .toSorted((one, other) => rank(other) - rank(one));
}

const isDistinct = (values: string[]) => {
  const ids = new Set(values.filter((value) => !NO_IDS.some((each) => each.test(value))));
  return ids.size >= LEAST && ids.size >= values.length * DISTINCT;
};

/** By its words: `orderId` and `last_order` are about orders, `border` is not. */
const namesAnother = (key: string) =>
  OTHER_THINGS.test(key.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`));

function shapeOf(values: string[]): string {
  const [first = ''] = values;
  if (values.every((value) => /^\d+$/.test(value))) return 'digits';
  if (values.every((value) => UUID.test(value))) return 'UUIDs';
  const prefix = /^[a-z][a-z\d]{0,9}[_|:]/i.exec(first)?.[0];
  if (prefix !== undefined && values.every((value) => value.startsWith(prefix))) {
    return `${prefix}…`;
  }
  const lengths = values.map((value) => value.length);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  return least === most ? `${least} characters` : `${least} to ${most} characters`;
}

/** By coverage; a name that speaks of users counts half as much again. */
const rank = ({ key, count }: KeyUse) => count * (NAMES_A_USER.test(key) ? 1.5 : 1);
