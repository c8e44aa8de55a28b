import type { BrowserContextOptions, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDebtors } from './owing.ts';
import { createCustomer, startSite, type Site } from './site.ts';

let site: Site;
let page: Page;

beforeAll(async () => {
  site = await startSite();
  await createCustomer(site.stripe, 'paid', 'Ada Lovelace');
  await createDebtors(site);
});

afterAll(async () => site?.stop());

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await site.browser.newContext({ locale: 'en-US', ...options });
  page = await context.newPage();
  return page;
}

beforeEach(async () => {
  await open();
  site.standIn.faults.clear();
  return async () => page.context().close();
});

const signIn = async (account: string, path = '/billing') => {
  const returnTo = encodeURIComponent(site.origin + path);
  await page.goto(`${site.standInOrigin}/sign-in?account=${account}&return_to=${returnTo}`);
};
const main = async () => page.locator('main').innerText();
const press = async (name: RegExp | string) => page.getByRole('button', { name }).first().click();
/** The last payment of `overdue` fails. Coming back from the portal tells D1, as a webhook would. */
async function owesAgain(): Promise<void> {
  const { data } = await site.stripe.customers.list({ email: 'mary.somerville@example.com' });
  const [subscription] = site.standIn.state.subscriptionsOf(data[0]!.id);
  site.standIn.state.leaveUnpaid(subscription!.id);
  await signIn('overdue', '/billing/manage');
  await page.goto(`${site.origin}/billing`);
}

const isInvoice = () => page.url().startsWith(`${site.standInOrigin}/i/acct_`);

it.each([360, 1100])(
  'an overdue card is paid, and the page knows at once: %i px',
  async (width) => {
    await open({ viewport: { width, height: 720 } });
    await owesAgain();
    expect(await main()).toMatch(/Payment overdue[\s\S]*\$29\.00 due since/);
    const buttons = await page.getByRole('listitem').getByRole('button').allInnerTexts();
    expect(buttons).toEqual(['Pay now', 'Update payment method', 'Cancel']);
    await press(/^Pay now/);
    expect(isInvoice()).toBe(true);
    await press('Pay with a card');
    expect(await main()).toContain('Invoice paid');
    // Stripe's page leads nobody back.
    expect(await page.getByRole('link').count()).toBe(0);
    await page.goto(`${site.origin}/billing`);
    expect(await main()).toContain('Thank you. Your invoice is paid.');
    expect(await main()).toContain('Active');
    expect(await main()).not.toContain('Pay now');
  },
);

it('going back from the invoice shows the new state, too', async () => {
  await signIn('first');
  expect(await main()).toContain('Not started');
  await press(/^Pay now/);
  await page.waitForURL(/\/i\/acct_/);
  await press('Pay with a card');
  expect(await main()).toContain('Invoice paid');
  await page.goBack();
  await page.waitForURL(/\/i\/acct_/);
  await page.goBack();
  await page.waitForURL(`${site.origin}/billing`);
  expect(await main()).toContain('Active');
  expect(await main()).not.toContain('Pay now');
});

it('an invoice that was sent is paid by its link in a mail, from the bank', async () => {
  await page.goto(site.origin + '/billing/manage?flow=pay');
  await page.getByRole('link', { name: 'Sign in as sent' }).click();
  expect(isInvoice()).toBe(true);
  await press('Pay from a bank account');
  await page.goto(`${site.origin}/billing`);
  expect(await main()).toContain('A payment is on its way');
  expect(await main()).not.toContain('Pay now');
});

it('of two open invoices the page asks which, without JavaScript as well', async () => {
  await open({ javaScriptEnabled: false });
  await signIn('two', '/billing/manage?flow=pay');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(
    'Which invoice do you want to pay?',
  );
  const choices = page.getByRole('button', { name: /^Pay now/ });
  expect(await choices.count()).toBe(2);
  await choices.first().click();
  expect(isInvoice()).toBe(true);
});

it('a link from a mail says that nothing is due after somebody else has paid', async () => {
  const link = await site.signLink({ subject: 'two', flow: 'pay' });
  await page.goto(link);
  expect(await main()).toContain('due since');
  const other = await (await site.browser.newContext({ locale: 'en-US' })).newPage();
  for (const way of ['first', 'second']) {
    await other.goto(link);
    await other
      .getByRole('button', { name: /^Pay now/ })
      .first()
      .click();
    expect([way, other.url()]).toEqual([way, expect.stringContaining('/i/acct_')]);
    await other.getByRole('button', { name: 'Pay with a card', exact: true }).click();
  }
  await other.goto(`${site.origin}/billing`);
  expect(await other.locator('main').innerText()).toContain('Sign in');
  await other.context().close();
  await page
    .getByRole('button', { name: /^Pay now/ })
    .first()
    .click();
  expect(await main()).toContain('Nothing is due');
});

it.each([
  "document.querySelector('form').submit()",
  "document.querySelector('form').requestSubmit(document.querySelector('button'))",
  "document.querySelector('button').click()",
])('a mail scanner opens no invoice by %s', async (script) => {
  await owesAgain();
  const link = await site.signLink({ subject: 'overdue', flow: 'pay' });
  await page.addInitScript(
    `if (location.search.includes('token=')) addEventListener('load', () => { ${script} })`,
  );
  const isOfForm = (response: Response) =>
    response.request().method() === 'POST' && response.url().includes('/billing/manage');
  const answered = page.waitForResponse(isOfForm);
  await page.goto(link);
  expect((await answered).status()).toBe(403);
  expect(isInvoice()).toBe(false);
});

it('a key without the right leads to the portal', async () => {
  await owesAgain();
  site.standIn.faults.order({ path: '/v1/invoices', status: 403, times: 2 });
  await page.reload();
  expect(await main()).not.toContain('Pay now');
  expect(await main()).toContain('See invoices');
  await page.goto(`${site.origin}/billing/manage?flow=pay`);
  expect(page.url()).toContain('/p/session/');
});

it('who owes nothing goes on as before, and reads so after a link to pay', async () => {
  const before = site.standIn.requests.length;
  await signIn('paid');
  await signIn('paid');
  const asked = site.standIn.requests.slice(before).filter(({ path }) => path === '/v1/invoices');
  expect(asked).toEqual([]);
  await page.goto(`${site.origin}/billing/manage?flow=pay`);
  expect(await main()).toContain('Nothing is due');
});
