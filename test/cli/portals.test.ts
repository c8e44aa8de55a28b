import { expect, it } from 'vitest';
import type { WrittenPortal } from '../../src/config/portals-setting.ts';
import type { SetupOptions } from '../../src/cli/setup/options.ts';
import { setUp } from './diagnose.ts';
import { makePlan } from './with-portals.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { fillInWithKey } from './workplace.ts';

useWorkplaceWithD1(fillInWithKey);

const run = async (options?: SetupOptions) => setUp(workplace, options);
const setting = (): WrittenPortal[] => JSON.parse(workplace.localVariables()['PORTALS']!);
const named = (name: string) => setting().find((portal) => portal.name === name)!;
const configurations = () => workplace.stripe.state.configurations;
const configuration = (name: string) => configurations().get(named(name).id)!;
const writes = (from: number) =>
  workplace.stripe.requests.slice(from).filter(({ method }) => method !== 'GET');
const add = (toml: string) =>
  workplace.write('portal.toml', `${workplace.read('portal.toml')}\n${toml}\n`);

const plan = async (name: string) => makePlan(workplace, name);

const MEMBERS = `
  [portals.members]
  features.payment_method_update.enabled = false
  features.customer_update.enabled = false
  features.subscription_cancel.enabled = false
  [[portals.members.rules]]
  roles = ["member"]`;

it('makes an upgrade-only portal for one plan, and one with 2 to 50 seats for another', async () => {
  const [basic, pro, team] = [await plan('Basic'), await plan('Pro'), await plan('Team')];
  add(`
    [portals.upgrade-only]
    features.subscription_cancel.enabled = false
    features.subscription_update.enabled = true
    products.test = [{ product = "${pro.product}", prices = ["${pro.price}"] }]
    [[portals.upgrade-only.rules]]
    products.test = ["${basic.product}"]
    products.live = ["prod_live"]

    [portals.seats.features.subscription_update]
    enabled = true
    default_allowed_updates = ["quantity", "promotion_code"]
    [portals.seats.products]
    test = [{ product = "${team.product}", prices = ["${team.price}"], adjustable_quantity = { enabled = true, minimum = 2, maximum = 50 } }]
    [[portals.seats.rules]]
    prices.test = ["${team.price}"]
    roles = ["owner", "the boss's"]`);
  const printed = await run();
  expect(printed).toContain('The portal seats will be:');
  expect(printed).toContain(`products.${team.product}: ["${team.price}"], quantity from 2 to 50`);
  const base = ['customer_update', 'invoice_history', 'payment_method_update'];
  expect(setting()).toEqual([
    {
      name: 'upgrade-only',
      id: expect.stringMatching(/^bpc_/),
      features: [...base, 'subscription_update'],
      updates: ['price'],
      rules: [{ products: [basic.product] }],
    },
    {
      name: 'seats',
      id: expect.stringMatching(/^bpc_/),
      features: [...base, 'subscription_cancel', 'subscription_update'],
      updates: ['promotion_code', 'quantity'],
      rules: [{ roles: ['owner', "the boss's"], prices: [team.price] }],
    },
    {
      name: 'default',
      id: expect.stringMatching(/^bpc_/),
      features: [...base, 'subscription_cancel'],
    },
  ]);
  expect(configuration('upgrade-only')).toMatchObject({
    name: 'portal-link: upgrade-only',
    features: { subscription_cancel: { enabled: false }, subscription_update: { enabled: true } },
  });
  expect(configuration('seats').features.subscription_update.products).toMatchObject([
    { product: team.product, adjustable_quantity: { enabled: true, minimum: 2, maximum: 50 } },
  ]);

  const calls = workplace.stripe.requests.length;
  expect(await run()).toContain('Nothing to change');
  expect(writes(calls)).toEqual([]);
});

it('sets every field once, and finds each as it was set', async () => {
  const { product, price } = await plan('Pro');
  const all = `
    default_return_url = "https://shop.example/account"
    name = "Every field"
    [portals.all.business_profile]
    headline = "Shop"
    privacy_policy_url = "https://shop.example/privacy"
    terms_of_service_url = "https://shop.example/terms"
    [portals.all.features.payment_method_update]
    payment_method_configuration = "pmc_1"
    [portals.all.features.customer_update]
    allowed_updates = ["shipping", "tax_id"]
    [portals.all.features.subscription_cancel]
    mode = "immediately"
    proration_behavior = "create_prorations"
    [portals.all.features.subscription_cancel.cancellation_reason]
    options = ["unused"]
    feedback_options = ["fo_1", "fo_2"]
    [portals.all.features.subscription_pause]
    enabled = true
    [portals.all.features.subscription_pause.duration]
    type = "interval_options"
    interval_options = [{ interval = "week", interval_count = 2 }, { interval = "month" }]
    [portals.all.features.subscription_update]
    enabled = true
    default_allowed_updates = ["price", "quantity", "promotion_code"]
    proration_behavior = "always_invoice"
    billing_cycle_anchor = "now"
    trial_update_behavior = "continue_trial"
    [portals.all.features.subscription_update.schedule_at_period_end]
    conditions = [{ type = "shortening_interval" }, { type = "decreasing_item_amount" }]
    [portals.all.login_page]
    enabled = true
    [portals.all.metadata]
    team = "billing"
    [portals.all.products]
    test = [{ product = "${product}", prices = ["${price}"], adjustable_quantity = { enabled = true, minimum = 1, maximum = 9 } }]
    [[portals.all.rules]]
    roles = ["owner"]`;
  add(`[portals.all]${all}`);
  await run();
  expect(configuration('all')).toMatchObject({
    default_return_url: 'https://shop.example/account',
    name: 'Every field',
    business_profile: { headline: 'Shop' },
    features: {
      payment_method_update: { payment_method_configuration: 'pmc_1' },
      customer_update: { allowed_updates: ['shipping', 'tax_id'] },
      subscription_cancel: {
        mode: 'immediately',
        proration_behavior: 'create_prorations',
        cancellation_reason: { options: ['unused'], feedback_options: ['fo_1', 'fo_2'] },
      },
      subscription_pause: { enabled: true, duration: { type: 'interval_options' } },
      subscription_update: {
        billing_cycle_anchor: 'now',
        proration_behavior: 'always_invoice',
        trial_update_behavior: 'continue_trial',
        schedule_at_period_end: {
          conditions: [{ type: 'shortening_interval' }, { type: 'decreasing_item_amount' }],
        },
      },
    },
    login_page: { enabled: true, url: expect.stringContaining('/p/login/') },
    metadata: { team: 'billing', portal_link_portal: 'portal-link/all' },
  });
  expect(await run()).toContain('Nothing to change');

  // And back: emptied, switched off, taken out of a list.
  workplace.edit('portal.toml', {
    portals: {
      all: {
        name: '',
        metadata: { team: '' },
        login_page: { enabled: false },
        products: { test: [] },
        features: {
          payment_method_update: { payment_method_configuration: '' },
          subscription_cancel: { cancellation_reason: { feedback_options: [] } },
          subscription_pause: { duration: { type: 'indefinite', interval_options: [] } },
          subscription_update: { schedule_at_period_end: { conditions: [] } },
        },
      },
    },
  });
  const printed = await run();
  for (const change of [
    'name: "Every field" → nothing',
    'metadata.team: "billing" → nothing',
    'schedule_at_period_end.conditions: [{"type":"decreasing_item_amount"}, {"type":"shortening_interval"}] → nothing',
    'interval_options: [{"interval":"month","interval_count":1}, {"interval":"week","interval_count":2}] → nothing',
    'payment_method_configuration: "pmc_1" → nothing',
  ]) {
    expect(printed).toContain(change);
  }
  expect(configuration('all')).toMatchObject({ name: null, login_page: { url: null } });
  expect(await run()).toContain('Nothing to change');
});

it('creates a portal without what the default says', async () => {
  workplace.edit('portal.toml', {
    business_profile: { headline: 'Shop', privacy_policy_url: 'https://shop.example/privacy' },
    features: {
      subscription_update: {
        schedule_at_period_end: { conditions: [{ type: 'shortening_interval' }] },
      },
    },
    portals: {
      plain: {
        business_profile: { headline: '', privacy_policy_url: '' },
        features: { subscription_update: { schedule_at_period_end: { conditions: [] } } },
        rules: [{ roles: ['owner'] }],
      },
    },
  });
  await run();
  expect(configuration('plain')).toMatchObject({
    business_profile: { headline: null, privacy_policy_url: null },
    features: { subscription_update: { schedule_at_period_end: { conditions: [] } } },
  });
  expect(await run()).toContain('Nothing to change');
});

it('closes the sign-in page that a portal has from the default', async () => {
  add(`[login_page]\nenabled = true\n${MEMBERS}`);
  await run();
  expect(configuration('default').login_page.enabled).toBe(true);
  expect(configuration('members').login_page.enabled).toBe(false);
  await workplace.api.billingPortal.configurations.update(named('members').id, {
    login_page: { enabled: true },
  });
  expect(await run()).toContain('login_page.enabled: true → false');
  expect(configuration('members').login_page.enabled).toBe(false);
  expect(configuration('default').login_page.enabled).toBe(true);
});

it('shows what differs in which portal, and changes that one only', async () => {
  add(MEMBERS);
  await run();
  const ids = setting().map(({ id }) => id);
  workplace.edit('portal.toml', {
    portals: { members: { features: { customer_update: { enabled: true } } } },
  });
  const calls = workplace.stripe.requests.length;
  const printed = await run();
  expect(printed).toContain(`portal.toml and ${ids[0]}, the portal members, differ:`);
  expect(printed).toContain('  features.customer_update.enabled: false → true');
  expect(printed).toContain(
    `Doing: Set PORTALS in .dev.vars (members ${ids[0]}, default ${ids[1]})`,
  );
  expect(writes(calls)).toMatchObject([{ path: `/v1/billing_portal/configurations/${ids[0]}` }]);
  expect(named('members').features).toEqual(['customer_update', 'invoice_history']);
  expect(await run()).toContain('Nothing to change');
});

it('finds its portals again after a run that was interrupted', async () => {
  add(MEMBERS);
  const before = workplace.read('.dev.vars');
  await run();
  const known = setting();
  workplace.write('.dev.vars', before);
  expect(await run()).not.toContain('Create the portal');
  expect(setting()).toEqual(known);
});

it('shows all portals in a dry run, and makes none', async () => {
  add(MEMBERS);
  const printed = await run({ yes: false, dryRun: true });
  expect(printed).toContain('Would: Create a portal configuration in test mode');
  expect(printed).toContain('Would: Create the portal members, in test mode');
  expect(writes(0)).toEqual([]);
  expect(workplace.localVariables()).not.toHaveProperty('PORTALS');
});
