import { describe, expect, it } from 'vitest';
import { TAGS } from '../src/config/languages.ts';
import { chooseLocale, languageOf } from '../src/pages/locale.ts';
import { formatDay, formatMoney } from '../src/pages/money.ts';
import { createWorld } from './world.ts';

const plain = (text: string) => text.replaceAll(/\s/g, ' ');

describe('the language', () => {
  it.each<[string | undefined, string | undefined, string, string]>([
    [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de', 'de-AT'],
    [undefined, 'en-GB', 'en', 'en-GB'],
    [undefined, 'nl,fr;q=0.5', 'fr', 'fr'],
    [undefined, 'en;q=0.1,ja;q=0.9', 'ja', 'ja'],
    [undefined, 'pt-PT', 'pt-BR', 'pt-PT'],
    [undefined, 'de;q=0', 'en', 'en'],
    [undefined, '*', 'en', 'en'],
    [undefined, undefined, 'en', 'en'],
    [undefined, '"><script>,xx-', 'en', 'en'],
    ['es', 'de', 'es', 'es'],
    ['pt-br', 'de', 'pt-BR', 'pt-BR'],
    ['tlh', 'de', 'de', 'de'],
    ["'); drop", 'de', 'de', 'de'],
  ])(
    'asked for as %j, accepted as %j, is %s with the dates of %s',
    async (asked, accepted, language, tag) => {
      const locale = await chooseLocale(asked, accepted);
      expect([locale.language.tag, locale.tag]).toEqual([language, tag]);
    },
  );

  it.each(TAGS)('%s is what the page is written in', async (tag) => {
    const language = await languageOf(tag);
    const world = await createWorld();
    const person = await world.somebody();
    await world.subscribe(person.customer);
    await world.sync(person.customer);
    const page = await world.visit('/billing', {
      headers: { ...person.browser, 'accept-language': tag },
    });
    const html = await page.text();
    expect(html).toContain(`<html lang="${tag}">`);
    expect(html).toContain(language.manage.replaceAll("'", '&#39;'));
    expect(html).toContain(language.states.active);
    const fault = await world.visit(`/billing/manage?customer=cus_x&locale=${tag}`, {
      headers: person.browser,
    });
    expect(await fault.text()).toContain(language.faults.notYours.title);
  });

  it.each([
    ['en', '2 × $29.00 per month|Total: $58.00 per month|Before the discount SAVE20'],
    ['de', '2 × 29,00 $ pro Monat|Gesamt: 58,00 $ pro Monat|Vor Abzug des Rabatts SAVE20'],
    ['fr', '2 × 29,00 $US par mois|Total : 58,00 $US par mois|Avant la remise SAVE20'],
    ['es', '2 × 29,00 US$ por mes|Total: 58,00 US$ por mes|Antes del descuento SAVE20'],
    ['pt-BR', '2 × US$ 29,00 por mês|Total: US$ 58,00 por mês|Antes do desconto SAVE20'],
    ['ja', '2 × $29.00 / 月|合計：$58.00 / 月|割引（SAVE20）適用前'],
  ])('says in %s what there is to pay, and before which discount', async (tag, lines) => {
    const world = await createWorld();
    const { browser, customer } = await world.somebody();
    const { id, items } = await world.subscribe(customer);
    await world.api.coupons.create({ id: 'SAVE20', percent_off: 20 });
    await world.api.subscriptions.update(id, {
      items: [{ id: items.data[0]!.id, quantity: 2 }],
      discounts: [{ coupon: 'SAVE20' }],
    });
    await world.sync(customer);
    const page = await world.visit(`/billing?locale=${tag}`, { headers: browser });
    const html = plain(await page.text());
    for (const line of lines.split('|')) expect(html).toContain(`>${line}<`);
  });

  it.each(TAGS)(
    'of %s has a sentence for each kind of price and for each thing that is due',
    async (tag) => {
      const { pricing, dueAdvice, beforeDiscount, pricedIn } = await languageOf(tag);
      const sentences = [...Object.values(pricing), ...Object.values(dueAdvice), pricedIn('EUR')];
      expect(new Set(sentences).size).toBe(9);
      expect(beforeDiscount('', 1)).not.toMatch(/\s$|（）/);
      expect(beforeDiscount('A, B', 2)).toContain('A, B');
    },
  );

  it('is handed on to the portal by the button', async () => {
    const world = await createWorld();
    const { browser } = await world.somebody();
    const page = await world.visit('/billing?locale=fr', { headers: browser });
    expect(await page.text()).toContain('name="locale" value="fr"');
  });
});

describe('money', () => {
  it.each([
    [2900, 'usd', 'en', '$29.00'],
    [2900, 'eur', 'de', '29,00 €'],
    [2900, 'jpy', 'ja', '￥2,900'],
    [2900, 'krw', 'en', '₩2,900'],
    [12340, 'kwd', 'en', 'KWD 12.340'],
    [2900, 'brl', 'pt-BR', 'R$ 29,00'],
    // Written without decimals, given by Stripe in hundredths.
    [50000, 'isk', 'en', 'ISK 500'],
    [500000, 'ugx', 'en', 'UGX 5,000'],
    [123400, 'huf', 'en', 'HUF 1,234'],
    // With a fraction, the invoice says it, and so does the page.
    [99950, 'pkr', 'en', 'PKR 999.50'],
    [1999050, 'cop', 'es', '19.990,50 COP'],
    [123456, 'huf', 'de', '1.234,56 HUF'],
    [-49, 'all', 'en', '-ALL 0.49'],
    [150, 'idr', 'fr', '1,50 IDR'],
    [12345, 'kwd', 'en', 'KWD 12.345'],
    [0, 'usd', 'en', '$0.00'],
  ])('%d of %s is written in %s as %s', (amount, currency, tag, written) => {
    expect(plain(formatMoney(amount, currency, tag))).toBe(written);
  });
});

describe('a day', () => {
  it.each([
    ['en', 'January 31, 2026'],
    ['en-GB', '31 January 2026'],
    ['de', '31. Januar 2026'],
    ['ja', '2026年1月31日'],
  ])('is written in %s as %s', (tag, written) => {
    expect(formatDay(Date.UTC(2026, 0, 31, 23, 59) / 1000, tag)).toBe(written);
  });
});
