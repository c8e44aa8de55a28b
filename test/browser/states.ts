import type { Page } from 'playwright-core';
import type { Site } from './site.ts';
import { createMoneyStates } from './money-states.ts';
import { createDebtors } from './owing.ts';
import { createCustomer, TRIES } from './site.ts';

export type PageState = {
  name: string;
  account?: string;
  path: string;
  /** The browser says that it is this one. */
  userAgent?: string;
  /** Where to go on to, from the portal. */
  goesOnTo?: string;
  /** Stripe refuses the session with this status. */
  refused?: number;
  /** Stripe refuses to list invoices with this status. */
  unread?: number;
  /** What somebody then does on the page. */
  act?: (page: Page) => Promise<void>;
};

/** It does not tell who pressed, so the page of a signed link has a box to tick. */
export const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

export const isForSignedIn = ({ account }: PageState) => account !== undefined;

/** Every state that a page of ours can be in, as somebody gets there. */
export async function createStates({
  stripe,
  standIn,
  signLink,
  origin,
}: Site): Promise<PageState[]> {
  const soon = Math.floor(Date.now() / 1000) + 20 * 86_400;
  const customer = await createCustomer(stripe, 'subscriber', 'Ada Lovelace', 6);
  const ids = (await stripe.subscriptions.list({ customer })).data.map(({ id }) => id);
  const changes = [
    { status: 'past_due' },
    { status: 'trialing', trial_end: soon },
    { cancel_at: soon },
    { pause_collection: { behavior: 'void', resumes_at: soon } },
    { status: 'incomplete' },
  ] as const;
  await createMoneyStates(stripe, standIn);
  for (const [index, change] of changes.entries()) {
    standIn.state.changeSubscription(ids[index] ?? '', change);
  }
  const north = await createCustomer(stripe, 'agency', 'Client North');
  const south = await createCustomer(stripe, 'agency', 'Client South', 0);
  await createDebtors({ stripe, standIn });
  const pathOf = (link: string) => link.slice(origin.length);
  const link = pathOf(await signLink({ subject: 'subscriber', email: 'ada@example.com' }));
  const choice = pathOf(await signLink({ customers: [north, south] }));
  const longAgo = new Date(Date.now() - 9e8);
  const expired = await signLink({ subject: 'subscriber', email: 'ada@example.com' }, longAgo);
  const payLink = async (subject: string) =>
    pathOf(await signLink({ subject, email: `${subject}@example.com`, flow: 'pay' }));
  const press = (name: string) => async (page: Page) => {
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name }).click();
    await loaded;
  };
  return [
    { name: 'signed-out', path: '/billing' },
    { name: 'subscriptions', account: 'subscriber', path: '/billing' },
    { name: 'prices', account: 'prices', path: '/billing' },
    { name: 'what-is-due', account: 'due', path: '/billing' },
    { name: 'prices-german', account: 'prices', path: '/billing?locale=de' },
    { name: 'what-is-due-french', account: 'due', path: '/billing?locale=fr' },
    { name: 'nothing-bought', account: 'newcomer', path: '/billing' },
    { name: 'several-accounts', account: 'agency', path: '/billing' },
    {
      name: 'which-subscription',
      account: 'subscriber',
      path: '/billing?flow=subscription_cancel',
    },
    { name: 'purchase-first', account: 'newcomer', path: '/billing/manage' },
    { name: 'not-yours', account: 'subscriber', path: '/billing/manage?customer=cus_other' },
    { name: 'not-found', account: 'subscriber', path: '/elsewhere' },
    {
      name: 'came-back',
      account: 'agency',
      path: '/billing/manage?customer=' + north,
      goesOnTo: '/billing',
    },
    {
      name: 'flow-unavailable',
      account: 'agency',
      path: `/billing/manage?customer=${south}&flow=subscription_cancel`,
      goesOnTo: '/billing',
    },
    { name: 'outage', account: 'agency', path: `/billing/manage?customer=${north}`, refused: 429 },
    { name: 'refused', account: 'agency', path: `/billing/manage?customer=${north}`, refused: 403 },
    { name: 'link', path: link },
    { name: 'link-of-another', account: 'agency', path: link },
    { name: 'link-tick', path: link, userAgent: SAFARI },
    { name: 'link-tick-of-another', account: 'agency', path: link, userAgent: SAFARI },
    { name: 'link-choice', path: choice },
    { name: 'link-expired', path: pathOf(expired) },
    { name: 'link-invalid', path: `${link}x` },
    { name: 'link-german', account: 'agency', path: `${link}&locale=de` },
    { name: 'link-japanese', account: 'agency', path: `${link}&locale=ja` },
    { name: 'came-by-link', path: link, act: press('Manage subscription'), goesOnTo: '/billing' },
    { name: 'email-sign-in', path: '/billing/sign-in' },
    {
      name: 'email-refused',
      path: '/billing/sign-in',
      act: async (page) => {
        await page.getByRole('textbox').fill('a@b@c');
        await page.evaluate("document.querySelector('form').noValidate = true");
        await press('Send link')(page);
      },
    },
    {
      name: 'email-sent',
      path: '/billing/sign-in',
      act: async (page) => {
        await page.getByRole('textbox').fill('ada@example.com');
        await press('Send link')(page);
      },
    },
    { name: 'overdue', account: 'overdue', path: '/billing' },
    { name: 'overdue-german', account: 'overdue', path: '/billing?locale=de' },
    { name: 'overdue-japanese', account: 'overdue', path: '/billing?locale=ja' },
    { name: 'sent', account: 'sent', path: '/billing' },
    { name: 'first-payment', account: 'first', path: '/billing' },
    { name: 'which-invoice', account: 'two', path: '/billing/manage?flow=pay' },
    { name: 'nothing-due', account: 'agency', path: '/billing/manage?flow=pay' },
    { name: 'unknown-due', account: 'overdue', path: '/billing', unread: 400 },
    { name: 'no-right', account: 'overdue', path: '/billing', unread: 403 },
    { name: 'pay-link', path: await payLink('two') },
    { name: 'pay-link-french', path: `${await payLink('two')}&locale=fr` },
    { name: 'pay-link-tick', path: await payLink('overdue'), userAgent: SAFARI },
    { name: 'pay-link-nothing', path: await payLink('agency') },
    { name: 'pay-link-closed', path: await payLink('overdue'), unread: 403 },
    {
      name: 'which-account',
      account: 'agency',
      path: '/billing/manage?flow=payment_method_update',
    },
    {
      name: 'languages',
      path: '/billing',
      act: async (page) => page.locator('summary').click(),
    },
    {
      name: 'try-again',
      account: 'agency',
      path: '/billing',
      refused: 429,
      act: press('Manage subscription: Client North'),
    },
    { name: 'german', account: 'subscriber', path: '/billing?locale=de' },
    { name: 'japanese', account: 'subscriber', path: '/billing?locale=ja' },
  ];
}

/** A page of a browser for this state. */
export async function openPage({ browser }: Site, { userAgent }: PageState): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', colorScheme: 'light' });
  if (userAgent !== undefined) {
    const session = await page.context().newCDPSession(page);
    // Without metadata, no `Sec-CH-UA` says otherwise.
    await session.send('Emulation.setUserAgentOverride', { userAgent });
  }
  return page;
}

/** Goes to the state, signed in where it needs somebody. */
export async function goTo(site: Site, page: Page, state: PageState): Promise<void> {
  const { account, path, goesOnTo, refused, unread, act } = state;
  if (refused !== undefined) {
    const times = refused === 429 ? TRIES : 1;
    site.standIn.faults.order({ path: '/v1/billing_portal/sessions', status: refused, times });
  }
  if (unread !== undefined) {
    site.standIn.faults.order({ path: '/v1/invoices', status: unread, times: 1 });
  }
  const address = site.origin + path;
  const signIn = `${site.standInOrigin}/sign-in?account=${account}&return_to=`;
  await page.goto(account === undefined ? address : signIn + encodeURIComponent(address));
  await act?.(page);
  if (goesOnTo !== undefined) await page.goto(site.origin + goesOnTo);
  const { origin } = new URL(page.url());
  if (origin !== site.origin)
    throw new Error(`${state.name} ends at ${origin}, which is not ours.`);
}
