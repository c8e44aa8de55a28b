import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  fillIn,
  fillInBusiness,
  openWorkplace,
  PERMISSIONS,
  type Run,
  type Workplace,
} from './workplace.ts';

const WORKER = 'portal-link';
let workplace: Workplace;
const open = async () => {
  workplace = await openWorkplace();
  fillIn(workplace);
  fillInBusiness(workplace);
};

const production = (name: string, ...more: string[]) => [name, '--remote', ...more];
const setup = async (env: Record<string, string> = {}) =>
  workplace.run(production('setup', '--yes', '--url', workplace.origin), {
    STRIPE_SECRET_KEY: workplace.key,
    ...env,
  });
const doctor = async (env: Record<string, string> = { STRIPE_SECRET_KEY: workplace.key }) =>
  workplace.run(production('doctor', '--json', '--url', workplace.origin), env);
const outcomes = ({ stdout }: Run): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(stdout).checks.map((each: { check: string; outcome: string }) => [
      each.check,
      each.outcome,
    ]),
  );
const endpoints = () => [...workplace.stripe.state.webhookEndpoints.values()];
const script = () => workplace.cloudflare.scripts.get(WORKER);

describe('from nothing', () => {
  beforeAll(open);
  afterAll(async () => workplace.close());

  it('goes from nothing at Cloudflare to a deployed Worker, and does nothing the second time', async () => {
    const { cloudflare, stripe } = workplace;
    const before = outcomes(await doctor());
    expect(before).toMatchObject({
      cloudflare: 'failure',
      secrets: 'skipped',
      database_migrations: 'failure',
    });

    expect(await setup()).toMatchObject({ status: 0 });
    expect([...cloudflare.databases.keys()]).toEqual([WORKER]);
    expect(Object.fromEntries(script()!.secrets)).toEqual({
      STRIPE_SECRET_KEY: workplace.key,
      STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
    });
    expect(script()).toMatchObject({ deployed: true, crons: ['*/5 * * * *'] });
    const configured = script()!.bindings.find(({ name }) => name === 'PORTAL_CONFIGURATION');
    expect(configured!.text).toMatch(/^bpc_/);
    const order = cloudflare.requests.filter((line) => /POST.*(?:d1|query|deployments)/.test(line));
    expect(order.at(0)).toMatch(/d1\/database$/);
    expect(order.at(-1)).toMatch(/deployments$/);

    // A test key in production is all that there is to say: a live one is never sent here.
    const unwell = Object.entries(outcomes(await doctor())).filter(
      ([, outcome]) => outcome !== 'ok',
    );
    expect(unwell).toEqual([
      ['stripe_key', 'warning'],
      ['deployment_headers', 'failure'],
    ]);

    const calls = [stripe.requests.length, cloudflare.requests.length];
    expect((await setup()).output).toContain('Nothing to change');
    expect(stripe.requests.slice(calls[0]).filter(({ method }) => method !== 'GET')).toEqual([]);
    const changed = cloudflare.requests
      .slice(calls[1])
      .filter((line) => !/^GET|\/query$/.test(line));
    expect(changed).toEqual([]);
  });

  it('says of secrets that only Cloudflare has that it cannot look at them', async () => {
    const found = outcomes(await doctor({}));
    expect(found).toMatchObject({
      secrets: 'ok',
      stripe_key: 'warning',
      webhook_secret: 'ok',
      portal_configuration: 'skipped',
    });
  });

  it('names a secret that is not stored', async () => {
    const { secrets } = script()!;
    const secret = secrets.get('STRIPE_WEBHOOK_SECRET')!;
    secrets.delete('STRIPE_WEBHOOK_SECRET');
    expect(outcomes(await doctor())).toMatchObject({ secrets: 'failure' });
    secrets.set('STRIPE_WEBHOOK_SECRET', secret);
  });

  it('deploys nothing after a migration that failed', async () => {
    const calls = workplace.cloudflare.requests.length;
    workplace.cloudflare.failing = /query$/;
    expect(await workplace.run(['deploy'])).toMatchObject({ status: 2 });
    workplace.cloudflare.failing = undefined;
    expect(workplace.cloudflare.requests.slice(calls).join('\n')).not.toContain('versions');
  });

  it('warns when the cron job has not run long after the tables were made', async () => {
    const { sqlite } = workplace.cloudflare.databases.get(WORKER)!;
    sqlite.exec("update d1_migrations set applied_at = '2020-01-01 00:00:00'");
    expect(outcomes(await doctor())).toMatchObject({ database_fill: 'warning' });
    sqlite.exec(
      "insert into cursors values ('customers:test', 'done'), ('checkouts:test', 'done')",
    );
    expect(outcomes(await doctor())).toMatchObject({ database_fill: 'ok' });
  });
});

describe('with another key than the one that is stored', () => {
  const OTHER_KEY = 'rk_test_another0account00000000';
  let other: Workplace;
  beforeEach(async () => {
    await open();
    // Another Stripe account; Cloudflare and the Worker's address are the first one's.
    other = await openWorkplace();
    other.stripe.state.keys.set(OTHER_KEY, {
      livemode: false,
      permissions: new Set(PERMISSIONS),
    });
    other.stripe.state.keys.delete(other.key);
  });
  afterEach(async () => {
    await other.close();
    await workplace.close();
  });

  const secrets = () => Object.fromEntries(script()!.secrets);
  const configuration = () =>
    script()!.bindings.find(({ name }) => name === 'PORTAL_CONFIGURATION')!.text!;
  const use = ({ origin }: Workplace) => workplace.configure({ STRIPE_API_BASE: origin });
  const toOther = { STRIPE_SECRET_KEY: OTHER_KEY };

  it('leaves nothing of the Worker on the old account, there and back', async () => {
    await setup();
    const before = secrets();
    use(other);
    const dry = await workplace.run(production('setup', '--dry-run', '--url', workplace.origin), {
      ...toOther,
    });
    expect(dry.output).toContain('Would: Replace the STRIPE_SECRET_KEY stored in');
    expect(secrets()).toEqual(before);

    expect((await setup(toOther)).status).toBe(0);
    const [endpoint] = other.stripe.state.webhookEndpoints.values();
    expect(secrets()).toEqual({
      STRIPE_SECRET_KEY: OTHER_KEY,
      STRIPE_WEBHOOK_SECRET: endpoint!.secret,
    });
    expect(other.stripe.state.configurations.has(configuration())).toBe(true);
    expect((await setup(toOther)).output).toContain('Nothing to change');

    use(workplace);
    expect((await setup()).status).toBe(0);
    expect(endpoints()).toHaveLength(1);
    expect(secrets()).toEqual({
      STRIPE_SECRET_KEY: workplace.key,
      STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
    });
    expect(workplace.stripe.state.configurations.has(configuration())).toBe(true);
    expect((await setup()).output).toContain('Nothing to change');
  });

  it('trusts no secret that was stored by hand for who knows which account', async () => {
    await setup();
    const [first] = endpoints();
    workplace.configure({ PORTAL_CONFIGURATION: '' });
    script()!.secrets.set('STRIPE_SECRET_KEY', OTHER_KEY);
    script()!.secrets.set('STRIPE_WEBHOOK_SECRET', 'whsec_of_another_account');
    expect((await setup()).output).toContain('may be of another account or mode');
    expect(endpoints()).toMatchObject([{ url: first!.url }]);
    expect(secrets()).toEqual({
      STRIPE_SECRET_KEY: workplace.key,
      STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
    });
    expect((await setup()).output).toContain('Nothing to change');
  });

  it('stores a new key of the same account, and leaves the rest as it is', async () => {
    await setup();
    const before = { secrets: secrets(), configuration: configuration() };
    const { keys } = workplace.stripe.state;
    keys.set(OTHER_KEY, keys.get(workplace.key)!);
    const run = await setup(toOther);
    expect(run.output).toContain('Replace the STRIPE_SECRET_KEY stored in');
    expect(secrets()).toEqual({ ...before.secrets, STRIPE_SECRET_KEY: OTHER_KEY });
    expect(configuration()).toBe(before.configuration);
    expect((await setup(toOther)).output).toContain('Nothing to change');
  });
});

describe('with faults', () => {
  beforeEach(open);
  afterEach(async () => workplace.close());

  it('keeps no endpoint whose secret could not be stored, and completes in the next run', async () => {
    await setup();
    script()!.secrets.delete('STRIPE_WEBHOOK_SECRET');
    workplace.stripe.state.webhookEndpoints.clear();
    workplace.cloudflare.failing = /PUT .*secrets/;
    const broken = await setup();
    expect(broken.status).toBe(2);
    expect(broken.output).toMatch(/✗ STRIPE_WEBHOOK_SECRET could not be stored/);
    expect(broken.output).not.toMatch(/^\s+at /m);
    expect(endpoints()).toEqual([]);
    workplace.cloudflare.failing = undefined;
    expect(await setup()).toMatchObject({ status: 0 });
    expect(script()!.secrets.get('STRIPE_WEBHOOK_SECRET')).toBe(endpoints()[0]!.secret);
  });

  it('changes nothing at Stripe while Cloudflare cannot be asked', async () => {
    const run = await setup({ CLOUDFLARE_API_TOKEN: 'wrong' });
    expect(run.status).toBe(2);
    expect(run.output).toMatch(/✗ Cloudflare cannot be asked.*npx wrangler login/);
    expect(workplace.stripe.requests).toEqual([]);
    expect(
      outcomes(
        await workplace.run(production('doctor', '--json'), { CLOUDFLARE_API_TOKEN: 'wrong' }),
      ),
    ).toMatchObject({ cloudflare: 'failure', secrets: 'skipped' });
  });

  it('stores every other secret that it is given, and only once', async () => {
    const given = { LINK_SECRET: 'a secret of thirty-two characters' };
    expect(await setup(given)).toMatchObject({ status: 0 });
    expect(script()!.secrets.get('LINK_SECRET')).toBe(given.LINK_SECRET);
    expect((await setup(given)).output).toContain('Nothing to change');
  });

  it('deploys to an account that has nothing but the secrets', async () => {
    const { cloudflare } = workplace;
    const secrets = new Map([
      ['STRIPE_SECRET_KEY', 'x'],
      ['STRIPE_WEBHOOK_SECRET', 'y'],
    ]);
    cloudflare.scripts.set(WORKER, { secrets, bindings: [], crons: [], deployed: false });
    const run = await workplace.run(['deploy']);
    expect(run).toMatchObject({ status: 0 });
    expect(script()).toMatchObject({ deployed: true });
    expect(
      cloudflare.databases.get(WORKER)!.sqlite.prepare('select count(*) as n from customers').get(),
    ).toEqual({ n: 0 });
  });

  it('warns of origins that only a developer’s machine has', async () => {
    workplace.configure({
      ALLOWED_ORIGINS: 'http://localhost:3000',
      PUBLIC_ORIGIN: 'http://localhost:8787',
    });
    const run = await workplace.run(production('doctor', '--json'), {
      STRIPE_SECRET_KEY: workplace.key,
    });
    expect(outcomes(run)).toMatchObject({ allowed_origins: 'warning', public_origin: 'failure' });
  });
});

describe('a second Worker', () => {
  beforeAll(open);
  afterAll(async () => workplace.close());

  it('gets an environment, a database and secrets of its own', async () => {
    const { cloudflare } = workplace;
    const given = { STRIPE_SECRET_KEY: workplace.key };
    const words = ['setup', '--env', 'staging', '--yes', '--url', workplace.origin];
    expect(await workplace.run(words, given)).toMatchObject({ status: 0 });
    expect([...cloudflare.databases.keys()]).toEqual(['portal-link-staging']);
    expect([...cloudflare.scripts.keys()]).toEqual(['portal-link-staging']);
    expect(cloudflare.scripts.get('portal-link-staging')).toMatchObject({ deployed: true });
    expect((await workplace.run(words, given)).output).toContain('Nothing to change');
    const link = ['link', '--revoke', '--subject=user_42', '--env', 'staging'];
    expect(await workplace.run(link)).toMatchObject({ status: 0 });
    const { sqlite } = cloudflare.databases.get('portal-link-staging')!;
    expect(sqlite.prepare('select id from link_revocations').all()).toEqual([{ id: 'user_42' }]);
  });
});
