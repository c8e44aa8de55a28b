import { describe, expect, it } from 'vitest';
import { TEST_KEY } from '../world.ts';
import { ada, page, pageOf, sell, useBillingPage, withPrice, world } from './billing-page.ts';

useBillingPage();

describe('a discount', () => {
  const coupon = async (name?: string) =>
    world.api.coupons.create({ id: 'SAVE20', percent_off: 20, ...(name && { name }) });

  it('is named beside the price by what the invoice says: its name, or else its id', async () => {
    await coupon();
    const text = await withPrice({}, { discounts: [{ coupon: 'SAVE20' }] });
    expect(text).toContain('$29.00 per month Before the discount SAVE20');
    await world.api.coupons.create({ id: 'internal', percent_off: 5, name: 'Thank you' });
    const both = { discounts: [{ coupon: 'SAVE20' }, { coupon: 'internal' }] };
    expect(await withPrice({}, both)).toContain('Before the discounts SAVE20 and Thank you');
  });

  it('counts on an item, by a promotion code, and on the customer', async () => {
    await coupon();
    const promotion = { type: 'coupon', coupon: 'SAVE20' } as const;
    const { id } = await world.api.promotionCodes.create({ promotion, code: 'HELLO' });
    const discounts = [{ promotion_code: id }];
    const named = 'Before the discount SAVE20';
    expect(await pageOf([{ price: await sell(), discounts }])).toContain(named);
    const ben = await world.somebody();
    await world.subscribe(ben.customer);
    world.stripe.state.discountCustomer(ben.customer, 'SAVE20');
    await world.sync(ben.customer);
    expect(await page(ben)).toContain(named);
  });

  it('of a subscription comes in place of the customer’s', async () => {
    await coupon();
    await world.api.coupons.create({ id: 'OLD', percent_off: 5 });
    world.stripe.state.discountCustomer(ada.customer, 'OLD');
    const text = await withPrice({}, { discounts: [{ coupon: 'SAVE20' }] });
    expect(text).toContain('Before the discount SAVE20');
    expect(text).not.toContain('OLD');
  });

  it.each<[string, () => unknown]>([
    ['is deleted', async () => world.api.coupons.del('SAVE20')],
    // What setup asks for.
    ['the key may not read', () => restrict('customer', 'subscription', 'product')],
    ['the key may not expand', () => restrict('customer', 'subscription', 'product', 'coupon')],
  ])('that %s has no name', async (what, happens) => {
    await coupon('Internal name');
    await world.api.subscriptions.create({
      customer: ada.customer,
      items: [{ price: await sell() }],
      discounts: [{ coupon: 'SAVE20' }],
    });
    await happens();
    if (what.includes('expand')) {
      world.stripe.faults.order({ path: '/v1/subscriptions', status: 403 });
    }
    await world.sync(ada.customer);
    expect(await page()).toContain('$29.00 per month Before the discount ');
    expect(await page()).not.toMatch(/SAVE20|Internal name/);
  });

  function restrict(...readable: string[]): void {
    const permissions = new Set(readable.map((each) => `rak_${each}_read`));
    world.stripe.state.keys.set(TEST_KEY, { livemode: false, permissions });
  }
});
