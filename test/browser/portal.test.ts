import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCustomer, startSite, TRIES, type Site } from './site.ts';

let site: Site;
let subscriber: string;

beforeAll(async () => {
  site = await startSite();
  subscriber = await createCustomer(site.stripe, 'subscriber', 'Ada Lovelace');
  await createCustomer(site.stripe, 'agency', 'Client North');
  await createCustomer(site.stripe, 'agency', 'Client South');
});

afterAll(async () => site?.stop());

let page: Page;

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await site.browser.newContext({ locale: 'en-US', ...options });
  page = await context.newPage();
  return page;
}

const signIn = async (account: string, path = '/billing') => {
  const returnTo = encodeURIComponent(site.origin + path);
  await page.goto(`${site.standInOrigin}/sign-in?account=${account}&return_to=${returnTo}`);
};
const main = async () => page.locator('main').innerText();
const isPortal = () => page.url().startsWith(`${site.standInOrigin}/p/session/`);
const goBack = async () => page.getByRole('link', { name: /Return to/ }).click();

beforeEach(async () => {
  await open();
  site.standIn.faults.clear();
  return async () => page.context().close();
});

describe('a visitor', () => {
  it('signs in, manages, cancels, comes back and sees the change; then resumes', async () => {
    await page.goto(`${site.origin}/billing`);
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Sign in as subscriber' }).click();
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    expect(isPortal()).toBe(true);
    await page.getByRole('button', { name: /^Cancel/ }).click();
    await goBack();
    expect(page.url()).toBe(`${site.origin}/billing`);
    expect(await main()).toContain('Example Pro is canceled');
    expect(await main()).toContain('Cancels ');
    await page.getByRole('button', { name: /^Don’t cancel/ }).click();
    await page.getByRole('button', { name: /^Resume/ }).click();
    await goBack();
    expect(await main()).toContain('Example Pro will renew as usual.');
    expect(await main()).toContain('Renews on');
  });

  it('who is signed out follows the link, signs in and lands in the portal', async () => {
    await page.goto(`${site.origin}/billing/manage`);
    await page.getByRole('link', { name: 'Sign in as subscriber' }).click();
    expect(isPortal()).toBe(true);
  });

  it('needs no JavaScript', async () => {
    await open({ javaScriptEnabled: false });
    await signIn('subscriber');
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    expect(isPortal()).toBe(true);
  });

  it('never gets a used session again by the back button or a reload', async () => {
    await signIn('subscriber');
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    const first = page.url();
    await page.evaluate('history.back()');
    await page.waitForURL(`${site.origin}/billing`);
    await page.reload();
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    expect(isPortal()).toBe(true);
    expect(page.url()).not.toBe(first);
  });

  it('whose session has expired reads so, and gets a new one by the link', async () => {
    await signIn('subscriber', '/billing/manage');
    const stale = page.url();
    await page.getByRole('button', { name: /Expire/ }).click();
    await page.goto(stale);
    expect(await main()).toContain('This link has expired');
    await page.goto(`${site.origin}/billing/manage`);
    expect(isPortal()).toBe(true);
    expect(page.url()).not.toBe(stale);
  });

  it('who has bought nothing reads that a purchase comes first', async () => {
    await signIn('newcomer', '/billing/manage');
    expect(await main()).toContain('Nothing to manage yet');
    expect(await page.getByRole('link', { name: 'See plans' }).getAttribute('href')).toContain(
      '/pricing',
    );
  });

  it('with several customers chooses, and gets the one that was chosen', async () => {
    await signIn('agency', '/billing/manage');
    expect(page.url()).toBe(`${site.origin}/billing`);
    await page.getByRole('button', { name: 'Manage subscription: Client South' }).click();
    expect(await page.locator('body').innerText()).toContain('client.south@example.com');
  });

  it('sees on this machine which dashboard page to open when the portal was never saved', async () => {
    site.standIn.state.portalSaved.test = false;
    await signIn('subscriber', '/billing/manage');
    const settings = 'https://dashboard.stripe.com/test/settings/billing/portal';
    expect(await page.getByRole('link', { name: settings }).count()).toBe(1);
    site.standIn.state.portalSaved.test = true;
  });
});

describe('a flow', () => {
  it('is tried again as it was asked for, after an outage', async () => {
    const path = '/billing/manage?flow=payment_method_update&return_to=/billing?locale=fr';
    await signIn('subscriber');
    site.standIn.faults.order({ path: '/v1/billing_portal/sessions', status: 429, times: TRIES });
    await page.goto(site.origin + path);
    expect(await main()).toContain('Please try again in a moment');
    site.standIn.faults.clear();
    await page.getByRole('link', { name: 'Try again' }).click();
    const session = [...site.standIn.state.portalSessions.values()].at(-1);
    expect(isPortal()).toBe(true);
    expect(JSON.stringify(session)).toContain('"type":"payment_method_update"');
    expect(JSON.stringify(session)).toContain(`${site.origin}/billing?locale=fr`);
  });

  it('to cancel asks which of several accounts, and ends on the billing page', async () => {
    await signIn('agency', '/billing/manage?flow=subscription_cancel');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(
      'Which subscription do you want to cancel?',
    );
    await page
      .getByRole('button', { name: /^Choose/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Cancel/ }).click();
    expect(page.url()).toBe(`${site.origin}/billing`);
    expect(await main()).toContain('Example Pro is canceled');
  });

  it('that is pointless opens the portal’s home, and the page says so', async () => {
    const [subscription] = (await site.stripe.subscriptions.list({ customer: subscriber })).data;
    await site.stripe.subscriptions.update(subscription!.id, { cancel_at_period_end: true });
    await signIn('subscriber', '/billing/manage?flow=subscription_cancel');
    expect(isPortal()).toBe(true);
    await goBack();
    expect(await main()).toContain('wasn’t possible just now');
    await site.stripe.subscriptions.update(subscription!.id, { cancel_at_period_end: false });
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    await goBack();
    expect(await main()).toContain('Example Pro will renew as usual.');
  });

  it.each([
    'payment_method_update',
    'customer_update',
    'subscription_update',
    'subscription_pause',
    'subscription_update_confirm',
  ])('%s opens at once', async (flow) => {
    const { data } = await site.stripe.subscriptions.list({ customer: subscriber });
    const price = data[0]?.items.data[0]?.price.id;
    await signIn('subscriber', `/billing/manage?flow=${flow}&price=${price}&quantity=2`);
    const session = [...site.standIn.state.portalSessions.values()].at(-1);
    expect(isPortal()).toBe(true);
    expect(JSON.stringify(session)).toContain(`"type":"${flow}"`);
  });
});

describe('another site', () => {
  it('can link to us: the visitor arrives recognised', async () => {
    await signIn('subscriber');
    await page.goto(site.otherOrigin);
    await page.getByRole('link', { name: 'Manage subscription' }).click();
    expect(isPortal()).toBe(true);
  });

  it('makes no session by prefetching, prerendering, framing, hovering or fetching', async () => {
    await signIn('subscriber');
    const before = site.sessionsMade();
    await page.goto(`${site.otherOrigin}/looks`);
    await page.getByRole('link').hover();
    await page.waitForTimeout(1_000);
    expect(site.sessionsMade()).toBe(before);
  });

  it('makes no session by posting a form', async () => {
    await signIn('subscriber');
    const before = site.sessionsMade();
    await page.goto(`${site.otherOrigin}/posts`);
    await page.getByRole('button').click();
    expect(await main()).toContain('This came from another site');
    expect(site.sessionsMade()).toBe(before);
  });
});
