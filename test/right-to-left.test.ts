import { beforeEach, expect, it } from 'vitest';
import { createEmailWorld } from './mail/email-world.ts';
import type { LinkWorld } from './signed-links.ts';
import type { Person } from './world.ts';

const HEBREW = 'חנות';
const ADLAM = '𞤀𞤣𞤤𞤢𞤥';
const apart = (name: string) => `\u2068${name}\u2069`;

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  ({ world, ada, address } = await createEmailWorld());
  world.configure({ BRAND_NAME: HEBREW, HOME_URL: 'https://shop.example/' });
});

it('turns around nothing beside a product’s name, in old scripts and new ones', async () => {
  const items: { price: string }[] = [];
  for (const name of [HEBREW, ADLAM, 'Pro']) {
    const product = await world.api.products.create({ name });
    const recurring = { interval: 'month' } as const;
    const sold = { product: product.id, currency: 'usd', unit_amount: 2900, recurring };
    items.push({ price: (await world.api.prices.create(sold)).id });
  }
  await world.api.subscriptions.create({ customer: ada.customer, items });
  await world.sync(ada.customer);
  const html = await (await world.visit('/billing', { headers: ada.browser })).text();
  expect(html).toContain(`<p>${apart(HEBREW)}: $29.00`);
  expect(html).toContain(`<p>${apart(ADLAM)}: $29.00`);
  expect(html).toContain('<p>Pro: $29.00');
});

it('turns around nothing beside the shop’s name, on pages and in mails', async () => {
  const html = await (await world.visit('/billing', { headers: ada.browser })).text();
  expect(html).toContain(`>Back to ${apart(HEBREW)}<`);
  await world.ask({ address });
  const [mail] = world.mailbox.mails;
  expect(mail?.subject).toBe(`Your billing link for ${apart(HEBREW)}`);
  expect(mail?.text).toContain(`at ${apart(HEBREW)}.`);
});

it('turns around nothing beside the address of who is signed in', async () => {
  const email = `${HEBREW}@example.com`;
  const { browser } = await world.visitor(ada.subject, { email });
  const html = await (await world.visit('/billing', { headers: browser })).text();
  expect(html).toContain(`>Signed in as ${apart(email)}<`);
});
