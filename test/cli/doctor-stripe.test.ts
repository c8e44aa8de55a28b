import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { runDoctor } from '../../src/cli/doctor/run.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { openTestDatabase } from './local-database.ts';
import { diagnose, setUp, troubles } from './diagnose.ts';
import { database, useHealthyWorkplace, workplace } from './use-workplace.ts';
import { PERMISSIONS } from './workplace.ts';
import { configure, expectNamed, rewrite, type Fault } from './doctor-faults.ts';

useHealthyWorkplace();

const key = () => workplace.stripe.state.keys.get(workplace.key)!;
const endpoint = () => [...workplace.stripe.state.webhookEndpoints.values()][0]!;
const configuration = () =>
  [...workplace.stripe.state.configurations.values()].find(({ is_default }) => !is_default)!;
/** Names one portal by hand, as before there was PORTALS. */
const choose = (id: string) => {
  rewrite('PORTALS', '');
  rewrite('PORTAL_CONFIGURATION', id);
};

/** What the Worker does without. */
const OPTIONAL = ['rak_webhook_write', 'rak_invoice_read', 'rak_payment_intent_read'];

const faults: Fault[] = [
  ['no Stripe key', () => rewrite('STRIPE_SECRET_KEY', ''), 'stripe_key: failure'],
  [
    'a publishable key',
    () => rewrite('STRIPE_SECRET_KEY', 'pk_test_0000000000000000'),
    'stripe_key: failure',
  ],
  [
    'a key that Stripe does not know',
    () => rewrite('STRIPE_SECRET_KEY', 'rk_test_0000000000000000'),
    'stripe_key: failure',
  ],
  ['an expired key', () => void (key().expired = true), 'stripe_key: failure'],
  ['no network', configure({ STRIPE_API_BASE: 'http://127.0.0.1:9' }), 'stripe_key: failure'],
  ...PERMISSIONS.filter((name) => !OPTIONAL.includes(name)).map((name): Fault => [
    `a key without ${name}`,
    () => key().permissions!.delete(name),
    'stripe_permissions: failure',
  ]),
  ...OPTIONAL.map((name): Fault => [
    `a key without ${name}`,
    () => key().permissions!.delete(name),
    'stripe_permissions: warning',
  ]),
  ['a portal that was never saved', () => choose(''), 'portal_configuration: failure'],
  [
    'a configuration that is not there',
    () => choose('bpc_nowhere'),
    'portal_configuration: failure',
  ],
  ['a configuration that is none', () => choose('default'), 'portal_configuration: failure'],
  [
    'an inactive configuration',
    () => void (configuration().active = false),
    'portal_configuration: failure',
  ],
  ...(['payment_method_update', 'customer_update', 'subscription_cancel'] as const).map(
    (name): Fault => [
      `${name} switched off`,
      () => void (configuration().features[name].enabled = false),
      'portal_features: warning',
    ],
  ),
  [
    'another way to cancel than portal.toml says',
    () => void (configuration().features.subscription_cancel.mode = 'immediately'),
    'portal_features: warning',
  ],
  [
    'no headline',
    () => void (configuration().business_profile.headline = null),
    'portal_business: warning',
  ],
  [
    'no privacy policy',
    () => void (configuration().business_profile.privacy_policy_url = null),
    'portal_business: warning',
  ],
  [
    'no terms',
    () => void (configuration().business_profile.terms_of_service_url = null),
    'portal_business: warning',
  ],
  [
    'no default return address',
    () => void (configuration().default_return_url = null),
    'portal_business: warning',
  ],
  [
    'an endpoint that is switched off',
    () => void (endpoint().status = 'disabled'),
    'webhook_endpoint: failure',
  ],
  [
    'two endpoints for one Worker',
    () => workplace.stripe.state.webhookEndpoints.set('we_2', { ...endpoint(), id: 'we_2' }),
    'webhook_endpoint: warning',
  ],
  [
    'an endpoint without the events that were added last',
    () => void (endpoint().enabled_events = EVENT_TYPES.filter((name) => !/schedule/.test(name))),
    'webhook_events: failure',
  ],
  [
    'an endpoint with events for nothing',
    () => endpoint().enabled_events.push('charge.succeeded'),
    'webhook_events: warning',
  ],
  [
    'an endpoint of an old version',
    () => void (endpoint().api_version = '2019-12-03'),
    'webhook_version: warning',
  ],
  ['a webhook that fails', () => failDelivery(), 'webhook_deliveries: warning'],
  ['no webhook secret', () => rewrite('STRIPE_WEBHOOK_SECRET', ''), 'webhook_secret: failure'],
  [
    'a webhook secret from an example',
    () => rewrite('STRIPE_WEBHOOK_SECRET', 'whsec_...'),
    'webhook_secret: failure',
  ],
  [
    'a Stripe account without search',
    () => void (workplace.stripe.state.searchRefused = true),
    'stripe_search: warning',
  ],
  [
    'a database of another Stripe account',
    async () => createOperatorStore(database).noteAccount('acct_before', false),
    'database_account: failure',
  ],
  [
    'subscriptions that name several subjects',
    async () =>
      database
        .prepare('insert into customers (id, livemode, created_at, conflict) values (?, 0, 1, 1)')
        .bind('cus_disputed')
        .run(),
    'database_conflicts: warning',
  ],
  [
    'a key as the webhook secret',
    () => rewrite('STRIPE_WEBHOOK_SECRET', 'sk_test_0000000000000000'),
    'webhook_secret: failure',
  ],
];

function failDelivery() {
  const { state } = workplace.stripe;
  const [event] = state.events.values();
  state.events.set('evt_1', {
    ...event!,
    id: 'evt_1',
    type: 'customer.updated',
    created: state.seconds(),
    pending_webhooks: 1,
  });
}

it('mentions the optional permission, also in setup, until the key has it', async () => {
  const mentioned = async () => {
    const { checks } = await diagnose(workplace);
    const found = checks.find(({ check }) => check === 'stripe_permissions')!;
    return [found.found, await setUp(workplace)].map((text) => text.includes('rak_coupon_read'));
  };
  expect(await mentioned()).toEqual([true, true]);
  key().permissions!.add('rak_coupon_read');
  expect(await mentioned()).toEqual([false, false]);
});

it('says where a local webhook secret comes from, which is not setup', async () => {
  rewrite('STRIPE_WEBHOOK_SECRET', 'whsec_none');
  const { checks } = await diagnose(workplace);
  const finding = checks.find(({ check }) => check === 'webhook_secret');
  expect(finding).toMatchObject({ outcome: 'warning' });
  expect(finding!.next).toMatch(/`stripe listen`/);
  expect(finding!.next).not.toContain('setup');
});

describe('names a single fault, and only it', () => {
  it.each(faults)('%s', async (_what, make, found) => expectNamed(make, found));

  it('a database without its tables', async () => {
    const empty = await openTestDatabase();
    const { createShell } = workplace;
    const { shell, printed } = createShell();
    const openDatabase = async () => ({ kind: 'open' as const, ...empty });
    await runDoctor({ ...shell, openDatabase }, { json: true });
    expect(troubles(JSON.parse(printed.stdout))).toEqual(['database_migrations: failure']);
  });
});

it.each<[string, () => unknown]>([
  ['no webhook endpoint', () => workplace.stripe.state.webhookEndpoints.clear()],
  [
    'an endpoint that points elsewhere',
    () => void (endpoint().url = 'https://old.example/api/stripe/webhook'),
  ],
  ['an endpoint of the other mode', () => void (endpoint().livemode = true)],
])('names %s where Stripe could reach the Worker, and asks for none elsewhere', async (_, make) => {
  make();
  const at = async (url?: string) => {
    const { checks } = await diagnose(workplace, url === undefined ? {} : { url });
    return checks.find(({ check }) => check === 'webhook_endpoint');
  };
  expect(await at(workplace.origin)).toMatchObject({
    outcome: 'failure',
    next: expect.stringContaining('npm run setup'),
  });
  expect(await at()).toMatchObject({ outcome: 'skipped' });
});
