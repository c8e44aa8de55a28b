import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WrittenPortal } from '../../src/config/portals-setting.ts';
import { createCustomer, startSite, type Site } from './site.ts';

let site: Site;
let acme: string;
let globex: string;
let page: Page;

const ROLES = {
  AUTH_SUBJECT_CLAIM: 'org_id',
  AUTH_ROLE_CLAIM: 'org_role',
  AUTH_BILLING_ROLES: 'owner',
  BILLING_CONTACT: 'mailto:office@acme.example',
};

beforeAll(async () => {
  site = await startSite();
  acme = await createCustomer(site.stripe, 'acme', 'Acme');
  globex = await createCustomer(site.stripe, 'globex', 'Globex');
  const bought = await itemOf(acme);
  const seats = await itemOf(globex);
  const written = [
    await portal({
      name: 'members',
      features: ['invoice_history'],
      rules: [{ roles: ['bookkeeper'] }],
    }),
    await portal({
      name: 'upgrade-only',
      features: ['invoice_history', 'subscription_update'],
      updates: ['price'],
      rules: [{ products: [bought.product] }],
      sold: { product: bought.product, prices: [bought.price] },
    }),
    await portal({
      name: 'seats',
      features: ['invoice_history', 'subscription_cancel', 'subscription_update'],
      updates: ['quantity'],
      rules: [{ products: [seats.product] }],
      sold: {
        product: seats.product,
        prices: [seats.price],
        adjustable_quantity: { enabled: true, minimum: 2, maximum: 50 },
      },
    }),
    await portal({ name: 'default', features: ['invoice_history'] }),
  ];
  await site.configure({ ...ROLES, PORTALS: JSON.stringify(written) });
});

afterAll(async () => site?.stop());

beforeEach(async () => {
  const context = await site.browser.newContext({ locale: 'en-US' });
  page = await context.newPage();
  return async () => context.close();
});

async function itemOf(customer: string) {
  const { data } = await site.stripe.subscriptions.list({ customer });
  const { id: price, product } = data[0]!.items.data[0]!.price as { id: string; product: string };
  return { price, product };
}

type Sold = {
  product: string;
  prices: string[];
  adjustable_quantity?: { enabled: true; minimum: number; maximum: number };
};

/** A portal at Stripe, and what the Worker knows of it. */
async function portal({ sold, ...written }: Omit<WrittenPortal, 'id'> & { sold?: Sold }) {
  const has = (feature: (typeof written.features)[number]) => written.features.includes(feature);
  const { id } = await site.stripe.billingPortal.configurations.create({
    features: {
      invoice_history: { enabled: true },
      subscription_cancel: { enabled: has('subscription_cancel') },
      ...(sold && {
        subscription_update: {
          enabled: true,
          default_allowed_updates: written.updates ?? [],
          products: [sold],
        },
      }),
    },
  });
  return { ...written, id };
}

async function signIn(organisation: string, role: string): Promise<void> {
  const value = await site.tokenWith({ sub: 'a person', org_id: organisation, org_role: role });
  await page.context().addCookies([{ name: 'session', value, url: site.origin }]);
}

const buttons = async () => page.getByRole('main').getByRole('button').allInnerTexts();
const isPortal = () => page.url().startsWith(`${site.standInOrigin}/p/session/`);
const opened = () => [...site.standIn.state.portalSessions.values()].at(-1)!.session;

/** Where somebody wants to look at it: SCREENSHOTS names a folder. */
async function look(name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

describe('of one organisation', () => {
  it('an owner reaches the portal of its plan, where they can only upgrade', async () => {
    await signIn('acme', 'owner');
    await page.goto(`${site.origin}/billing`);
    await look('owner-upgrade-only');
    expect(await buttons()).toEqual(['Manage subscription', 'Change plan']);
    await page.getByRole('button', { name: 'Manage subscription' }).click();
    expect(isPortal()).toBe(true);
    expect(opened().customer).toBe(acme);
    await expect.poll(async () => page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0);
  });

  it('an owner of another plan changes seats, and can cancel', async () => {
    await signIn('globex', 'owner');
    await page.goto(`${site.origin}/billing`);
    await look('owner-seats');
    expect(await buttons()).toEqual(['Manage subscription', 'Change quantity', 'Cancel']);
    await page.getByRole('button', { name: 'Change quantity' }).click();
    expect(isPortal()).toBe(true);
    expect(opened().customer).toBe(globex);
  });

  it.each(['member', 'guest'])('a %s reads who manages billing, and gets nowhere', async (role) => {
    await signIn('acme', role);
    for (const path of [
      '/billing',
      '/billing/manage',
      '/billing/manage?flow=subscription_cancel',
    ]) {
      await page.goto(site.origin + path);
      expect(await page.locator('main').innerText()).toContain('office@acme.example');
      expect(await page.locator('main').innerText()).not.toContain('Example Pro');
    }
    await look(`${role}-refused`);
  });

  it('a role with a portal of its own reads invoices, whatever it asks for', async () => {
    await signIn('globex', 'bookkeeper');
    await page.goto(`${site.origin}/billing`);
    await look('bookkeeper');
    expect(await buttons()).toEqual(['Manage subscription']);
    await page.goto(`${site.origin}/billing/manage?flow=subscription_cancel&configuration=bpc_1`);
    expect(isPortal()).toBe(true);
    const { features } = site.standIn.state.configurations.get(opened().configuration)!;
    expect(features.subscription_cancel.enabled).toBe(false);
  });
});
