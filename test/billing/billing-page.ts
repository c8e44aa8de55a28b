import type { Stripe } from 'stripe';
import { beforeEach } from 'vitest';
import { createWorld, type Person, type World } from '../world.ts';

/** Of the test that runs. */
export let world: World;
/** Somebody who has bought nothing yet. */
export let ada: Person;

/** Begins each test with a new Stripe account. */
export function useBillingPage(): void {
  beforeEach(async () => {
    world = await createWorld();
    ada = await world.somebody();
  });
}

export type Price = Partial<Stripe.PriceCreateParams>;
export type More = Omit<Partial<Stripe.SubscriptionCreateParams>, 'customer' | 'items'>;
type Item = Stripe.SubscriptionCreateParams.Item;

/** A price of $29 a month, or what the parameters make of it. */
export async function sell(price: Price = {}, name = 'Pro'): Promise<string> {
  const product = await world.api.products.create({ name });
  const { id } = await world.api.prices.create({
    product: product.id,
    currency: 'usd',
    ...(price.billing_scheme !== 'tiered' && !price.unit_amount_decimal && { unit_amount: 2900 }),
    recurring: { interval: 'month' },
    ...price,
  });
  return id;
}

export const tiers = [
  { up_to: 10, unit_amount: 2900 },
  { up_to: 'inf' as const, unit_amount: 1900 },
];

export const rate = async (inclusive: boolean) =>
  world.api.taxRates.create({ display_name: 'VAT', inclusive, percentage: 20 });

/** The list on /billing, as text. */
export async function page(reader = ada): Promise<string> {
  const response = await world.visit('/billing', { headers: reader.browser });
  const [, list = ''] =
    /<ul class="list" role="list">([^]*?)<\/ul>/.exec(await response.text()) ?? [];
  return list.replaceAll(/<[^>]*>/g, '\n').replaceAll(/[\s\u00A0]+/g, ' ');
}

/** The same for somebody who has just subscribed to these. */
export async function pageOf(items: Item[], more: More = {}): Promise<string> {
  await world.api.subscriptions.create({ customer: ada.customer, items, ...more });
  await world.sync(ada.customer);
  return page();
}

export const withPrice = async (price: Price, more: More = {}) =>
  pageOf([{ price: await sell(price) }], more);
