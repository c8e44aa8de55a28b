import { beforeEach, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { diagnose, setUp, troubles } from './diagnose.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn, fillInBusiness } from './workplace.ts';

useWorkplaceWithD1();

const writes = (from: number) =>
  workplace.stripe.requests.slice(from).filter(({ method }) => method !== 'GET');
const endpoints = () => [...workplace.stripe.state.webhookEndpoints.values()];
const filesNow = () => ['wrangler.toml', 'portal.toml'].map(workplace.read);

it('says what visitors miss with a key that may not read invoices, and goes on', async () => {
  fillIn(workplace);
  workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
  workplace.stripe.state.keys.get(workplace.key)!.permissions!.delete('rak_invoice_read');
  const run = await workplace.run(['setup', '--yes'], { STRIPE_SECRET_KEY: workplace.key });
  expect(run).toMatchObject({ status: 0 });
  expect(run.output).toContain('The key lacks rak_invoice_read. Without Invoices, the page does');
  expect(run.output).toContain('https://dashboard.stripe.com/test/apikeys');
  const examined = await diagnose(workplace);
  expect(troubles(examined)).toContain('stripe_permissions: warning');
});

describe('from nothing', () => {
  it('takes a new account to all well, and then changes nothing', async () => {
    const { stripe } = workplace;
    const before = await diagnose(workplace);
    expect(before.status).toBe(2);

    fillIn(workplace);
    const settings = workplace.read('wrangler.toml');
    const run = await workplace.run(['setup', '--yes', '--url', ADDRESS], {
      STRIPE_SECRET_KEY: workplace.key,
    });
    expect(run).toMatchObject({ status: 0 });
    const [endpoint] = endpoints();
    expect(endpoint).toMatchObject({
      url: `${ADDRESS}/api/stripe/webhook`,
      enabled_events: EVENT_TYPES,
    });
    expect(workplace.localVariables()).toEqual({
      STRIPE_SECRET_KEY: workplace.key,
      STRIPE_WEBHOOK_SECRET: endpoint!.secret,
      PORTALS: expect.stringMatching(/^\[\{"name":"default","id":"bpc_\w+","features":/),
    });

    expect(run.output).not.toContain('The key lacks');
    // All is well but what portal.toml, as it comes, does not say of the business.
    expect(workplace.read('wrangler.toml')).toBe(settings);
    expect(troubles(await diagnose(workplace))).toEqual(['portal_business: warning']);

    const files = filesNow();
    const calls = stripe.requests.length;
    const second = await workplace.run(['setup', '--yes', '--url', ADDRESS]);
    expect(second.output).toContain('Nothing to change');
    expect(writes(calls)).toEqual([]);
    expect(filesNow()).toEqual(files);
  });
});

describe('on this machine, where the settings name the address of the deployed Worker', () => {
  beforeEach(() => {
    fillIn(workplace);
    workplace.configure({ PUBLIC_ORIGIN: ADDRESS });
  });
  const local = ['setup', '--yes'];
  const remote = ['setup', '--remote', '--yes'];
  const run = async (words: string[]) => workplace.run(words, { STRIPE_SECRET_KEY: workplace.key });

  it('makes Stripe send nothing there, so that going live finds the address free', async () => {
    const { status, output } = await run(local);
    expect([status, endpoints()]).toEqual([0, []]);
    expect(output).not.toContain(`Address             ${ADDRESS}`);
    expect(output).toContain('http://localhost:8787/billing/manage');
    const made = [...workplace.stripe.state.configurations.values()];
    expect(made.map((each) => each.default_return_url)).not.toContain(`${ADDRESS}/billing`);
    const { checks } = await diagnose(workplace);
    expect(checks.find(({ check }) => check === 'webhook_endpoint')).toMatchObject({
      outcome: 'skipped',
    });
    const live = await run([...remote, '--dry-run']);
    expect(live.output).toContain(`Would: Create a webhook endpoint for ${ADDRESS}`);
    expect(live.status).toBe(0);
  });

  it('leaves the endpoint of the deployed Worker alone, and is not refused', async () => {
    const { id } = await workplace.api.webhookEndpoints.create({
      url: `${ADDRESS}/api/stripe/webhook`,
      enabled_events: ['customer.created'],
      metadata: { portal_link: 'portal-link@0123456789abcdef0123456789abcdef' },
    });
    expect(await run(local)).toMatchObject({ status: 0 });
    expect(endpoints()).toMatchObject([{ id, enabled_events: ['customer.created'] }]);
  });

  it('makes none at an address of this machine, which Stripe cannot reach', async () => {
    workplace.configure({ PUBLIC_ORIGIN: 'http://localhost:8787' });
    expect(await run(local)).toMatchObject({ status: 0 });
    const named = await run([...local, '--url', 'http://localhost:8787']);
    expect([named.status, endpoints()]).toEqual([2, []]);
    expect(named.output).toContain('Stripe cannot reach this machine');
  });
});

describe('step by step', () => {
  beforeEach(() => {
    fillIn(workplace);
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  });
  const run = async (options?: SetupOptions, given?: Record<string, string>) =>
    setUp(workplace, options, given);

  it('shows what would change and changes nothing in a dry run', async () => {
    const files = filesNow();
    const printed = await run({ yes: false, dryRun: true, url: ADDRESS });
    expect(printed).toContain('Would: Create a portal configuration in test mode');
    expect(printed).toContain('features.subscription_cancel.mode: "at_period_end"');
    expect(printed).toContain('Would: Create a webhook endpoint');
    expect(writes(0)).toEqual([]);
    expect(filesNow()).toEqual(files);
    expect(workplace.localVariables()).toEqual({ STRIPE_SECRET_KEY: workplace.key });
  });

  it('shows each difference before it updates the portal, and makes no second one', async () => {
    await run();
    const known = workplace.stripe.state.configurations.size;
    workplace.edit('portal.toml', {
      features: {
        customer_update: { allowed_updates: ['email'] },
        subscription_cancel: { mode: 'immediately' },
      },
    });
    const printed = await run();
    expect(printed).toContain('features.subscription_cancel.mode: "at_period_end" → "immediately"');
    expect(printed).toContain('→ ["email"]');
    expect(workplace.stripe.state.configurations.size).toBe(known);
    expect(await run()).toContain('Nothing to change');
  });

  /** A plan that the account sells, as portal.toml names it. */
  const plan = async () => {
    const stripe = workplace.api;
    const { id: product } = await stripe.products.create({ name: 'Pro' });
    const price = async (interval: 'month' | 'year') =>
      stripe.prices.create({
        product,
        currency: 'usd',
        unit_amount: 2900,
        recurring: { interval },
      });
    return { product, prices: [(await price('month')).id, (await price('year')).id] };
  };
  const offeredPlans = () => {
    const made = [...workplace.stripe.state.configurations.values()].find(
      (each) => !each.is_default,
    )!;
    return made.features.subscription_update.products;
  };

  it('offers the plans of portal.toml, of this mode only', async () => {
    const offered = await plan();
    workplace.edit('portal.toml', {
      features: { subscription_update: { enabled: true } },
      products: { test: [offered], live: [{ product: 'prod_live', prices: ['price_live'] }] },
    });
    await run();
    expect(offeredPlans()).toMatchObject([offered]);
    expect(await run()).toContain('Nothing to change');
  });

  it('takes the plans away that portal.toml no longer offers', async () => {
    const offered = await plan();
    const offer = (test: object[]) =>
      workplace.edit('portal.toml', { products: { test: test as never } });
    workplace.edit('portal.toml', { features: { subscription_update: { enabled: true } } });
    offer([offered]);
    await run();
    expect(offeredPlans()).toHaveLength(1);
    offer([]);
    const printed = await run();
    expect(printed).toMatch(/features.subscription_update.products.prod_\w+: \[.*\] → nothing/);
    expect(offeredPlans()).toEqual([]);
    expect(await run()).toContain('Nothing to change');
  });

  it('names a plan that the account does not have', async () => {
    workplace.edit('portal.toml', {
      products: { test: [{ product: 'prod_of_another_account', prices: ['price_1'] }] },
    });
    await expect(run()).rejects.toThrow(/No such product: 'prod_of_another_account'/);
  });

  it('makes the portal of portal.toml as it comes, and empties what was filled in', async () => {
    await run();
    fillInBusiness(workplace);
    await run();
    workplace.edit('portal.toml', {
      business_profile: { headline: '', privacy_policy_url: '', terms_of_service_url: '' },
    });
    expect(await run()).toMatch(/business_profile.privacy_policy_url: .* → nothing/);
    expect(await run()).toContain('Nothing to change');
  });

  it.each<[string, object]>([
    ['customer_update.allowed_updates', { customer_update: { allowed_updates: [] } }],
    [
      'subscription_cancel.cancellation_reason.options',
      { subscription_cancel: { cancellation_reason: { options: [] } } },
    ],
    [
      'subscription_update.default_allowed_updates',
      { subscription_update: { default_allowed_updates: [] } },
    ],
  ])('empties %s', async (path, features) => {
    await run();
    workplace.edit('portal.toml', { features: features as never });
    expect(await run()).toMatch(new RegExp(`features.${path}: .* → nothing`));
    expect(await run()).toContain('Nothing to change');
  });

  it('finds the configuration of an interrupted run', async () => {
    const before = workplace.read('.dev.vars');
    await run();
    const known = workplace.stripe.state.configurations.size;
    workplace.write('.dev.vars', before);
    const printed = await run();
    expect(printed).toContain('Set PORTALS in .dev.vars (default bpc_');
    expect(workplace.stripe.state.configurations.size).toBe(known);
  });

  it('replaces an endpoint whose secret nobody has', async () => {
    const url = ADDRESS;
    await run({ url });
    const [old] = endpoints();
    workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
    expect(await run({ url })).toContain('lacks its secret');
    expect(endpoints()).toHaveLength(1);
    expect(endpoints()[0]!.id).not.toBe(old!.id);
    expect(workplace.localVariables()['STRIPE_WEBHOOK_SECRET']).toBe(endpoints()[0]!.secret);
  });

  it('replaces the key in .dev.vars with the one that it is given', async () => {
    workplace.write('.dev.vars', 'STRIPE_SECRET_KEY=rk_test_another0account00000000\n');
    const given = { STRIPE_SECRET_KEY: workplace.key };
    expect(await run({}, given)).toContain('Replace the STRIPE_SECRET_KEY stored in .dev.vars');
    expect(workplace.localVariables()).toMatchObject(given);
    expect(await run({}, given)).toContain('Nothing to change');
  });

  it('keeps a thin event destination, and makes no endpoint beside it', async () => {
    const { api, stripe } = workplace;
    const url = ADDRESS;
    // Tells the next run that the Worker's secret is of this account.
    await run();
    const { eventDestinations } = api.v2.core;
    const { id } = await eventDestinations.create({
      name: 'Made in the dashboard',
      type: 'webhook_endpoint',
      event_payload: 'thin',
      enabled_events: ['v1.customer.created'],
      webhook_endpoint: { url: `${url}/api/stripe/webhook` },
    });
    await eventDestinations.disable(id);
    workplace.write(
      '.dev.vars',
      `STRIPE_SECRET_KEY=${workplace.key}\nSTRIPE_WEBHOOK_SECRET=whsec_0123456789abcdef0123\n`,
    );
    expect(await run({ url })).toContain(`The thin event destination ${id}: switch it on`);
    expect(endpoints()).toEqual([]);
    expect(stripe.state.eventDestinations.get(id)).toMatchObject({
      enabled_events: EVENT_TYPES.map((type) => `v1.${type}`),
      status: 'enabled',
    });
    expect(await run({ url })).toContain('Nothing to change');
    const { checks } = await diagnose(workplace, { url });
    const found = (name: string) => checks.find(({ check }) => check === name);
    expect(found('webhook_endpoint')).toMatchObject({ outcome: 'ok' });
    expect(found('webhook_endpoint')!.found).toContain('thin event destination');
    expect(found('webhook_events')).toMatchObject({ outcome: 'ok' });
  });

  it('sends exactly the events of the list, from an endpoint that is switched on', async () => {
    const url = ADDRESS;
    await run({ url });
    Object.assign(endpoints()[0]!, { enabled_events: ['charge.succeeded'], status: 'disabled' });
    await run({ url });
    expect(endpoints()).toMatchObject([{ enabled_events: EVENT_TYPES, status: 'enabled' }]);
  });
});
