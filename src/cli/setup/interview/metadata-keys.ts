import type { Stripe } from 'stripe';

/** A key of customers' metadata, and on how many customers it is. */
export type KeyUse = {
  key: string;
  count: number;
  /** Nearly each customer has a value of its own, as ids do and plans or countries do not. */
  looksLikeId: boolean;
};

const DISTINCT = 0.95;
// With fewer, any value can look like an id.
const LEAST = 2;
// The Worker's own rule for CUSTOMER_METADATA_KEY.
const USABLE = /^[\w.-]{1,40}$/;
const NAMES_A_USER = /user|uid|account|member|person|owner|tenant|org|team|workspace|customer|sub/i;

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
    .map(([key, all]) => ({ key, count: all.length, looksLikeId: isDistinct(all) }))
    .toSorted((one, other) => rank(other) - rank(one));
}

const isDistinct = (values: string[]) =>
  values.length >= LEAST && new Set(values).size >= values.length * DISTINCT;

/** By coverage; a name that speaks of users counts half as much again. */
const rank = ({ key, count }: KeyUse) => count * (NAMES_A_USER.test(key) ? 1.5 : 1);
