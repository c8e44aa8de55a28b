import * as fc from 'fast-check';
import type { Stripe } from 'stripe';
import { expect, inject, it } from 'vitest';
import { formatMoney } from '../../src/pages/money.ts';
import { page, rate, sell, tiers, useBillingPage, world, type Price } from './billing-page.ts';

useBillingPage();

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
    const ada = await world.somebody();
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
    const text = await page(ada);
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
