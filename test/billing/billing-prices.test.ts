import { env } from 'cloudflare:workers';
import type { Stripe } from 'stripe';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  page,
  pageOf,
  rate,
  sell,
  tiers,
  useBillingPage,
  withPrice,
  world,
  type Price,
  type More,
} from './billing-page.ts';

useBillingPage();

/** A sum of money in any currency that the tests use. */
const SUM = /[$€¥]\s?\d|KWD|\d[.,]\d\d\b/;

describe('a price that is certain', () => {
  it.each<[string, Price, string]>([
    ['flat', {}, ' $29.00 per month '],
    ['every few months', { recurring: { interval: 'month', interval_count: 3 } }, 'every 3 months'],
    ['without decimals', { currency: 'jpy' }, '¥2,900 per month'],
    ['with three decimals', { currency: 'kwd', unit_amount: 12_340 }, 'KWD 12.340 per month'],
    ['with tax in it', { tax_behavior: 'inclusive' }, '$29.00 per month'],
    ['free', { unit_amount: 0 }, ' Free '],
    ['given as a decimal that is whole', { unit_amount_decimal: whole() }, '$29.00 per month'],
  ])('is shown: %s', async (_, price, says) => {
    expect(await withPrice(price)).toContain(says);
  });

  it.each([
    [3, '3 × $29.00 per month Total: $87.00 per month'],
    [0, '0 × $29.00 per month Total: $0.00 per month'],
  ])('is shown with its quantity and the total: %d', async (quantity, says) => {
    expect(await pageOf([{ price: await sell(), quantity }])).toContain(says);
  });

  it('is shown for each item by its name, with the total', async () => {
    const support = await sell({ unit_amount: 1000 }, 'Support');
    const text = await pageOf([{ price: await sell() }, { price: support, quantity: 2 }]);
    expect(text).toContain('Pro: $29.00 per month Support: 2 × $10.00 per month');
    expect(text).toContain('Total: $49.00 per month');
  });

  it('is summed up by interval', async () => {
    const yearly = await sell({ unit_amount: 10_000, recurring: { interval: 'year' } }, 'Domain');
    const billing = { billing_mode: { type: 'flexible' } } as const;
    const text = await pageOf([{ price: await sell() }, { price: yearly }], billing);
    expect(text).toContain('Total: $29.00 per month and $100.00 per year');
  });

  it('has its tax in it by the rates of the subscription, or of the item', async () => {
    const included = (await rate(true)).id;
    expect(await withPrice({}, { default_tax_rates: [included] })).toContain('$29.00 per month');
    const added = (await rate(false)).id;
    const item = { price: await sell(), tax_rates: [included] };
    expect(await pageOf([item], { default_tax_rates: [added] })).not.toContain('Tax is added');
  });
});

/** The client's own decimal type has no public maker here; the API takes text. */
function whole(): Stripe.Decimal {
  return '2900' as unknown as Stripe.Decimal;
}

describe('a price that is not certain is no number, but says what it is', () => {
  const automatic = { automatic_tax: { enabled: true } };

  it.each<[string, Price, More, string]>([
    [
      'in another currency than the price’s own',
      { currency_options: { eur: { unit_amount: 2700 } } },
      { currency: 'eur' },
      'Billed in EUR',
    ],
    ['by tiers', { billing_scheme: 'tiered', tiers, tiers_mode: 'graduated' }, {}, 'depends on'],
    ['by volume', { billing_scheme: 'tiered', tiers, tiers_mode: 'volume' }, {}, 'depends on'],
    ['by packages', { transform_quantity: { divide_by: 10, round: 'up' } }, {}, 'depends on'],
    [
      'in parts of a cent',
      { unit_amount_decimal: '0.5' as unknown as Stripe.Decimal },
      {},
      'on your invoice',
    ],
    ['with tax to come', { tax_behavior: 'exclusive' }, automatic, 'Tax is added to the price'],
    ['with tax by the account’s settings', {}, automatic, 'on your invoice'],
  ])('%s', async (_, price, more, says) => {
    const text = await withPrice(price, more);
    expect(text).toContain(says);
    expect(text).not.toMatch(SUM);
  });

  it('by usage', async () => {
    const { id: meter } = await world.api.billing.meters.create({
      display_name: 'Calls',
      event_name: 'calls',
      default_aggregation: { formula: 'sum' },
    });
    const recurring = { interval: 'month', usage_type: 'metered', meter } as const;
    const text = await withPrice({ recurring });
    expect(text).toContain('Billed by usage');
    expect(text).not.toMatch(SUM);
    const both = [{ price: await sell() }, { price: await sell({ recurring }, 'Calls') }];
    const mixed = await pageOf(both);
    expect(mixed).toContain('Pro: $29.00 per month Calls: Billed by usage');
    expect(mixed).not.toContain('Total');
  });

  it.each(['default_tax_rates', 'tax_rates'])('with tax to come by %s', async (name) => {
    const rates = { [name]: [(await rate(false)).id] };
    const price = await sell();
    const text =
      name === 'tax_rates' ? await pageOf([{ price, ...rates }]) : await pageOf([{ price }], rates);
    expect(text).toContain('Tax is added to the price');
    expect(text).not.toMatch(SUM);
  });

  it('shown in a currency that only the payment is in', async () => {
    const { id } = await world.subscribe(ada.customer);
    world.stripe.state.changeSubscription(id, {
      presentment_details: { presentment_currency: 'eur' },
    });
    await world.sync(ada.customer);
    expect(await page()).toContain('Billed in EUR');
    expect(await page()).not.toMatch(SUM);
  });
});

describe('a row that an older release wrote', () => {
  beforeEach(async () => {
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const [kept] = await world.stores.customers.subscriptionsOf(ada.customer);
    const { pricing: _, ...item } = kept!.items[0]!;
    await env.DB.prepare('update subscriptions set items = ?, terms = null')
      .bind(JSON.stringify([{ ...item, amount: 1900 }]))
      .run();
  });

  it('shows no price and promises no renewal, since both may be wrong', async () => {
    world.stripe.faults.order({ path: '/v1/customers/*', status: 500, times: 2 });
    const text = await page();
    expect(text).toContain('Pro');
    expect(text).toContain('This period ends on');
    expect(text).not.toMatch(SUM);
  });

  it('is read anew when its customer looks at it, and once only', async () => {
    expect(await page()).toContain('$29.00 per month Renews on');
    const calls = world.callsTo(`/v1/customers/${ada.customer}`).length;
    await page();
    expect(world.callsTo(`/v1/customers/${ada.customer}`)).toHaveLength(calls);
  });
});
