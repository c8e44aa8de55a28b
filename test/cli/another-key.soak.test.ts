import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProduction, type Production } from './production.ts';
import { ADDRESS, openWorkplace, PERMISSIONS, type Workplace } from './workplace.ts';

const OTHER_KEY = 'rk_test_another0account00000000';
const toOther = { STRIPE_SECRET_KEY: OTHER_KEY };

let production: Production;
beforeEach(async () => {
  production = await openProduction();
});
afterEach(async () => production.close());

describe('with a key of another Stripe account than the one that is stored', () => {
  // Cloudflare and the Worker's address are those of the first.
  let other: Workplace;
  beforeEach(async () => {
    other = await openWorkplace();
    other.stripe.state.keys.set(OTHER_KEY, {
      livemode: false,
      permissions: new Set(PERMISSIONS),
    });
    other.stripe.state.keys.delete(other.key);
  });
  afterEach(async () => other.close());
  const use = ({ origin }: Pick<Workplace, 'origin'>) =>
    production.configure({ STRIPE_API_BASE: origin });

  it('leaves nothing of the Worker on the old account, there and back', async () => {
    const { setup, secrets, portal, endpoints } = production;
    await setup();
    const before = secrets();
    use(other);
    const dry = await production.run(['setup', '--remote', '--dry-run', '--url', ADDRESS], toOther);
    expect(dry.output).toContain('Would: Replace the STRIPE_SECRET_KEY stored in');
    expect(secrets()).toEqual(before);

    expect((await setup(toOther)).status).toBe(0);
    const [endpoint] = other.stripe.state.webhookEndpoints.values();
    expect(secrets()).toEqual({ ...toOther, STRIPE_WEBHOOK_SECRET: endpoint!.secret });
    const { configurations } = other.stripe.state;
    expect(configurations.has(portal())).toBe(true);
    expect((await setup(toOther)).output).toContain('Nothing to change');

    use(production);
    // The first account's endpoint was made for this Worker, so nobody else has its secret.
    expect((await setup()).status).toBe(0);
    expect(endpoints()).toHaveLength(1);
    expect(secrets()).toEqual({
      STRIPE_SECRET_KEY: production.key,
      STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
    });
    const { stripe } = production;
    expect(stripe.state.configurations.has(portal())).toBe(true);
    expect((await setup()).output).toContain('Nothing to change');
  });
});

it('stores a new key of the same account, and leaves the rest as it is', async () => {
  const { setup, secrets, portal, stripe } = production;
  await setup();
  const before = { secrets: secrets(), configuration: portal() };
  const { keys } = stripe.state;
  keys.set(OTHER_KEY, keys.get(production.key)!);
  const run = await setup(toOther);
  expect(run.output).toContain('Replace the STRIPE_SECRET_KEY stored in');
  expect(secrets()).toEqual({ ...before.secrets, STRIPE_SECRET_KEY: OTHER_KEY });
  expect(portal()).toBe(before.configuration);
  expect((await setup(toOther)).output).toContain('Nothing to change');
});

it('trusts no secret that was stored by hand for who knows which account', async () => {
  const { setup, script, secrets, endpoints, configure } = production;
  await setup();
  const [first] = endpoints();
  configure({ PORTALS: '' });
  script()!.secrets.set('STRIPE_SECRET_KEY', OTHER_KEY);
  script()!.secrets.set('STRIPE_WEBHOOK_SECRET', 'whsec_of_another_account');
  expect((await setup()).output).toContain('may be of another account or mode');
  expect(endpoints()).toMatchObject([{ url: first!.url }]);
  expect(secrets()).toEqual({
    STRIPE_SECRET_KEY: production.key,
    STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
  });
  expect((await setup()).output).toContain('Nothing to change');
});
