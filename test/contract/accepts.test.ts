import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBudget } from '../../src/customers/budget.ts';
import { findOwner } from '../../src/customers/choose.ts';
import { EVENT_TYPES, followLead } from '../../src/customers/events.ts';
import { reconcile } from '../../src/customers/reconcile.ts';
import { searchCustomers } from '../../src/customers/search.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { syncCustomer } from '../../src/customers/sync.ts';
import { probeKey } from '../../src/cli/stripe-key.ts';
import { planFlow, type Flow } from '../../src/portal/flow.ts';
import { readOwed } from '../../src/portal/due.ts';
import { onlyPortal } from '../../src/config/portals-setting.ts';
import { openPortal } from '../../src/portal/open.ts';
import { invoicePage } from '../../src/portal/pay.ts';
import { createStripe } from '../../src/stripe/client.ts';
import { openDatabase } from './database.ts';
import { open, type Contract } from './open.ts';

let contract: Contract;
let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  [contract, database] = await Promise.all([open(), openDatabase()]);
});
afterAll(async () => {
  await contract.close();
  await database.close();
});

const RETURN_URL = 'https://shop.example/billing';
const CONFIG = { livemode: false, afterExpiration: undefined };
const portal = (configuration: string) => onlyPortal(configuration).fallback;

function sources() {
  const { stripe } = contract;
  const stores = createStores(database.database);
  const config = { livemode: false, customerMetadataKey: 'user_id', linkByEmail: true };
  return { stripe, stores, config };
}

/** Somebody with a subscription, in D1 as a sync has written it. */
async function subscriber() {
  const { things } = contract;
  const subject = `contract-${crypto.randomUUID()}`;
  const { id } = await things.customer({ metadata: { user_id: subject } });
  const { price, prices, product } = await things.plan(2900, 1900);
  const subscription = await things.subscription(id, [price.id]);
  await syncCustomer(id, sources(), new Date());
  const customers = sources().stores.customers;
  const [customer] = await customers.findBySubjects([subject], false, 'primary');
  return { customer: customer!, id, price, prices, product, subject, subscription };
}

describe('what the Worker asks of Stripe', () => {
  it('brings a customer with subscription, product and price into D1', async () => {
    const { customer, id, product, price, subscription } = await subscriber();
    expect(customer).toMatchObject({ id, email: 'contract@example.com' });
    expect(customer.subscriptions).toMatchObject([
      {
        id: subscription.id,
        status: 'active',
        cancelAt: null,
        paused: false,
        items: [{ product: product.name, price: price.id, amount: 2900, currency: 'usd' }],
      },
    ]);
    expect(customer.subscriptions[0]!.currentPeriodEnd).toBeGreaterThan(Date.now() / 1000);
  });

  it('reads a customer with more subscriptions than an expansion has', async () => {
    const { things } = contract;
    const subject = `contract-${crypto.randomUUID()}`;
    const { id } = await things.customer({ metadata: { user_id: subject } });
    const { price } = await things.plan(100);
    for (let made = 0; made < 11; made += 1) await things.subscription(id, [price.id]);
    await syncCustomer(id, sources(), new Date());
    const [customer] = await sources().stores.customers.findBySubjects([subject], false, 'primary');
    expect(customer!.subscriptions).toHaveLength(11);
  });

  it('takes a deleted customer out of D1', async () => {
    const { id, subject } = await subscriber();
    await contract.stripe.customers.del(id);
    await syncCustomer(id, sources(), new Date());
    expect(await sources().stores.customers.findBySubjects([subject], false, 'primary')).toEqual(
      [],
    );
  });

  it('reads what is due, and where to pay it', async () => {
    const { stripe, things, apiBase } = contract;
    const { id } = await things.customer();
    expect(await readOwed(stripe, id, false, new Date())).toEqual([]);
    const { price } = await things.plan(2900);
    const more = { payment_behavior: 'default_incomplete' } as const;
    const { id: subscription } = await things.subscription(id, [price.id], more);
    const [due, ...others] = (await readOwed(stripe, id, false, new Date())) ?? [];
    expect(others).toEqual([]);
    expect(due).toMatchObject({
      amount: 2900,
      currency: 'usd',
      customer: id,
      subscription,
      deadline: null,
      triedAgainAt: null,
      isOnItsWay: false,
    });
    expect(invoicePage(due!, apiBase)).toMatch(/^https?:/);
    await stripe.invoices.pay(due!.id, { paid_out_of_band: true });
    expect(await readOwed(stripe, id, false, new Date())).toEqual([]);
  });

  it('searches by metadata and by e-mail', async () => {
    const { things } = contract;
    const subject = `o'contract \\ ${crypto.randomUUID()}`;
    const email = `contract+${crypto.randomUUID()}@example.com`;
    await things.customer({ email });
    await searchCustomers({ subject, email, emailVerified: true }, sources(), new Date());
    const found = await sources().stores.customers.findBySubjects([subject], false, 'primary');
    expect(found).toMatchObject([{ email }]);
  });

  it('finds whose subscription it is that has ended', async () => {
    const { customer, subscription } = await subscriber();
    await contract.stripe.subscriptions.cancel(subscription.id);
    const owner = await findOwner(
      { subscription: subscription.id, among: [customer] },
      sources(),
      new Date(),
    );
    expect(owner).toMatchObject({
      kind: 'one',
      customer: { id: customer.id, subscriptions: [] },
    });
  });

  it('follows what events lead to', async () => {
    const { id, subscription } = await subscriber();
    const { stripe } = contract;
    expect(await followLead({ kind: 'subscription', id: subscription.id }, stripe)).toBe(id);
    const schedule = await stripe.subscriptionSchedules.create({
      from_subscription: subscription.id,
    });
    expect(await followLead({ kind: 'subscription_schedule', id: schedule.id }, stripe)).toBe(id);
    const prefixes = {
      subscription: 'sub',
      subscription_schedule: 'sub_sched',
      checkout_session: 'cs_test',
    } as const;
    for (const kind of ['subscription', 'subscription_schedule', 'checkout_session'] as const) {
      const prefix = prefixes[kind];
      expect(await followLead({ kind, id: `${prefix}_doesnotexist00000000` }, stripe)).toBeNull();
    }
  });

  it('walks events, customers and checkouts as the cron job does', async () => {
    const { id } = await contract.things.customer();
    const budget = () => createBudget(40);
    await reconcile(sources(), budget(), new Date());
    await reconcile(sources(), budget(), new Date());
    const row = database.database.prepare('select count(*) as rows from customers');
    expect((await row.first<{ rows: number }>())!.rows).toBeGreaterThan(0);
    expect(id).toMatch(/^cus_/);
  });
});

describe('portal sessions', () => {
  it('open at an https address of Stripe’s, or on this machine', async () => {
    const { id } = await contract.things.customer();
    const { id: configuration } = await allFlows();
    const opening = await openPortal(contract.stripe, CONFIG, {
      customer: id,
      portal: portal(configuration),
      returnUrl: RETURN_URL,
      locale: 'de',
      flow: undefined,
    });
    expect(opening).toMatchObject({ kind: 'opened', flowRefused: false });
  });

  it('let the customer sign in again once they have expired', async () => {
    const { id } = await contract.things.customer();
    const configuration = await contract.things.configuration({
      features: { invoice_history: { enabled: true } },
      login_page: { enabled: true },
    });
    const opening = await openPortal(
      contract.stripe,
      { ...CONFIG, afterExpiration: 'customer_login' },
      {
        customer: id,
        portal: portal(configuration.id),
        returnUrl: RETURN_URL,
        locale: undefined,
        flow: undefined,
      },
    );
    expect(opening.kind).toBe('opened');
  });

  it.each<Flow>([
    'customer_update',
    'payment_method_update',
    'subscription_cancel',
    'subscription_pause',
    'subscription_update',
    'subscription_update_confirm',
  ])('open with %s', async (flow) => {
    const { customer, id, prices, product } = await subscriber();
    const configuration = await allFlows({
      product: product.id,
      prices: prices.map((each) => each.id),
    });
    const price = flow === 'subscription_update_confirm' ? prices[1]!.id : undefined;
    const request = { flow, price, quantity: undefined };
    const plan = planFlow(request, customer.subscriptions, RETURN_URL);
    expect(plan.kind).toBe('flow');
    const opening = await openPortal(contract.stripe, CONFIG, {
      customer: id,
      portal: portal(configuration.id),
      returnUrl: RETURN_URL,
      locale: undefined,
      flow: plan.kind === 'flow' ? plan.data : undefined,
    });
    expect(opening).toMatchObject({ kind: 'opened', flowRefused: false });
  });
});

/** A configuration with every feature on. */
async function allFlows(offered?: { product: string; prices: string[] }) {
  return contract.things.configuration({
    features: {
      customer_update: { enabled: true, allowed_updates: ['email'] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true },
      subscription_pause: { enabled: true },
      ...(offered && {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price'],
          products: [offered],
        },
      }),
    },
  });
}

it('accepts the key of a sandbox, and no other', async () => {
  const { apiBase, stripe } = contract;
  expect(await probeKey(stripe, false)).toEqual({ kind: 'accepted' });
  const wrong = createStripe({ secretKey: 'sk_test_wrong0000000000000000000', apiBase });
  expect(await probeKey(wrong, false)).toMatchObject({
    kind: 'refused',
    fault: { code: 'stripe_key_refused' },
  });
});

it('lists events that were not delivered, as doctor does', async () => {
  const { data } = await contract.stripe.events.list({
    delivery_success: false,
    types: EVENT_TYPES,
    created: { gte: Math.floor(Date.now() / 1000) - 3600 },
    limit: 100,
  });
  expect(data.every(({ pending_webhooks: pending }) => pending > 0)).toBe(true);
});
