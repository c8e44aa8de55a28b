import * as fc from 'fast-check';
import type { Stripe } from 'stripe';
import { beforeEach, expect, inject, it } from 'vitest';
import { formatMoney } from '../../src/pages/money.ts';
import { createWorld, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

type Price = Partial<Stripe.PriceCreateParams>;

/** A price of $29 a month, or what the parameters make of it. */
async function sell(price: Price = {}, name = 'Pro'): Promise<string> {
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

async function page(): Promise<string> {
  const response = await world.visit('/billing', { headers: ada.browser });
  const [, list = ''] =
    /<ul class="list" role="list">([^]*?)<\/ul>/.exec(await response.text()) ?? [];
  return list.replaceAll(/<[^>]*>/g, '\n').replaceAll(/[\s\u00A0]+/g, ' ');
}

const rate = async (inclusive: boolean) =>
  world.api.taxRates.create({ display_name: 'VAT', inclusive, percentage: 20 });

const tiers = [
  { up_to: 10, unit_amount: 2900 },
  { up_to: 'inf' as const, unit_amount: 1900 },
];

it('says nothing that is not on the invoice, whatever was bought', async () => {
  const prices: Price[] = [
    {},
    { unit_amount: 0 },
    { unit_amount: 990, tax_behavior: 'inclusive' },
    { unit_amount: 1500, currency_options: { eur: { unit_amount: 1400 } } },
    { billing_scheme: 'tiered', tiers, tiers_mode: 'volume' },
    { transform_quantity: { divide_by: 5, round: 'up' } },
    { unit_amount_decimal: '0.7' as unknown as Stripe.Decimal },
  ];
  const ids = await Promise.all(prices.map(async (price) => sell(price)));
  const rates = [(await rate(true)).id, (await rate(false)).id];
  await world.api.coupons.create({ id: 'SAVE20', percent_off: 20 });
  const one = fc.record({
    price: fc.constantFrom(...ids),
    quantity: fc.integer({ min: 0, max: 12 }),
  });
  const bought = fc.record({
    items: fc.uniqueArray(one, { minLength: 1, maxLength: 3, selector: ({ price }) => price }),
    tax: fc.constantFrom('none', 'automatic', ...rates),
    discounts: fc.constantFrom([], [{ coupon: 'SAVE20' }]),
    currency: fc.constantFrom('usd', 'eur'),
  });
  let shown = 0;
  for (const { items, tax, discounts, currency } of fc.sample(bought, {
    seed: inject('soak') ? inject('seed') : 16,
    numRuns: inject('soak') ? 120 : 60,
  })) {
    ada = await world.somebody();
    const isSold = currency === 'usd' || items.every(({ price }) => price === ids[3]);
    const { latest_invoice: invoice } = await world.api.subscriptions.create({
      customer: ada.customer,
      items,
      discounts: [...discounts],
      currency: isSold ? currency : 'usd',
      ...(tax === 'automatic' && { automatic_tax: { enabled: true } }),
      ...(rates.includes(tax) && { default_tax_rates: [tax] }),
      expand: ['latest_invoice'],
    });
    if (invoice === null || typeof invoice === 'string') throw new Error('It is expanded.');
    await world.sync(ada.customer);
    const text = await page();
    const sums = text.match(/[$€][\d,.]+\d/g) ?? [];
    const isWhole = items.length === 1 || text.includes('Total:');
    if (sums.length === 0 || !isWhole) continue;
    shown += 1;
    expect(sums.at(-1)).toBe(formatMoney(invoice.subtotal, invoice.currency, 'en'));
    if (discounts.length === 0) expect(invoice.total).toBe(invoice.subtotal);
    expect(text.includes('Before the discount SAVE20')).toBe(discounts.length > 0);
  }
  expect(shown).toBeGreaterThan(10);
}, 30_000);
