import { beforeEach, describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { useWorkplaceWithD1, workplace } from './use-workplace.ts';
import { ADDRESS, fillIn, type Workplace } from './workplace.ts';

useWorkplaceWithD1(fillIn);

const address = `${ADDRESS}/api/stripe/webhook`;
const key = () => ({ STRIPE_SECRET_KEY: workplace.key });
const remote = (...more: string[]) => ['setup', '--remote', '--url', ADDRESS, '--yes', ...more];
const endpoints = () => [...workplace.stripe.state.webhookEndpoints.values()];
const changesAtStripe = () =>
  workplace.stripe.requests.filter(({ method }) => method !== 'GET').slice(made);
const changesAt = ({ requests }: Workplace['cloudflare']) =>
  requests.filter((line) => !/^GET|\/query$/.test(line));

let made = 0;
/** The endpoint of a Worker in production, made by setup or by hand. */
async function makeEndpoint(metadata: Record<string, string> = {}, url = address) {
  const { id } = await workplace.api.webhookEndpoints.create({
    url,
    enabled_events: EVENT_TYPES,
    metadata,
  });
  made = workplace.stripe.requests.filter(({ method }) => method !== 'GET').length;
  return workplace.stripe.state.webhookEndpoints.get(id)!;
}

describe('setup in the wrong Cloudflare account', () => {
  const owner = () => ({ portal_link: `portal-link@${workplace.cloudflare.id}` });

  it.each([
    ['that setup made', () => owner(), /made it for another Worker \(portal-link@0123/],
    ['that somebody else made', () => ({}), /not known whose secret it has/],
  ])('changes nothing beside an endpoint %s', async (_what, metadata, why) => {
    const { secret, id } = await makeEndpoint(metadata());
    workplace.cloudflare.createWorker('portal-link', { STRIPE_WEBHOOK_SECRET: secret });
    const settings = workplace.read('wrangler.toml');

    const run = await workplace.run(remote(), { ...key(), ...workplace.inOtherAccount });
    expect(endpoints()).toMatchObject([{ id, secret, url: address, status: 'enabled' }]);
    expect(changesAtStripe()).toEqual([]);
    expect(changesAt(workplace.otherCloudflare)).toEqual([]);
    expect(workplace.read('wrangler.toml')).toBe(settings);
    expect(run.status).toBe(2);
    expect(run.output).toContain(`Playground (${workplace.otherCloudflare.id})`);
    expect(run.output).toMatch(why);
    expect(run.output).toContain(`--replace-webhook ${id}`);
  });

  it('changes nothing where another Worker of the same name has a secret', async () => {
    const { id } = await makeEndpoint(owner());
    workplace.otherCloudflare.createWorker('portal-link', {
      STRIPE_SECRET_KEY: 'rk_test_another',
      STRIPE_WEBHOOK_SECRET: 'whsec_another',
    });
    const run = await workplace.run(remote(), { ...key(), ...workplace.inOtherAccount });
    expect(run.status).toBe(2);
    expect(endpoints()).toMatchObject([{ id }]);
    expect(changesAtStripe()).toEqual([]);
  });

  it('makes no second endpoint at another address while the Worker has one', async () => {
    const { id } = await makeEndpoint(owner(), 'https://billing.example.org/api/stripe/webhook');
    const run = await workplace.run(remote(), key());
    expect(run.status).toBe(2);
    expect(run.output).toContain(`${id} leads to https://billing.example.org`);
    expect(endpoints()).toMatchObject([{ id }]);
    expect(changesAtStripe()).toEqual([]);
  });

  it('stores no given secret of an endpoint that is not there', async () => {
    const given = { ...key(), STRIPE_WEBHOOK_SECRET: 'whsec_ofTheEndpointBefore' };
    const run = await workplace.run(remote(), given);
    expect(run.status).toBe(2);
    expect(run.output).toContain('the new endpoint gets a secret of its own');
    expect(endpoints()).toEqual([]);
    expect(changesAt(workplace.cloudflare)).toEqual([]);
  });

  it('keeps wrangler and the commands in one account', async () => {
    workplace.edit('wrangler.toml', { account_id: workplace.cloudflare.id });
    const run = await workplace.run(['setup', '--remote', '--url', ADDRESS, '--dry-run'], {
      ...key(),
      // Of wrangler's two ways to name an account, the file is the stronger.
      CLOUDFLARE_ACCOUNT_ID: workplace.otherCloudflare.id,
    });
    expect(run.output).toContain(`Example Ltd (${workplace.cloudflare.id})`);
    expect(workplace.otherCloudflare.requests).toEqual([]);
  });
});

describe('setup on this machine', () => {
  const local = (...more: string[]) => ['setup', '--url', ADDRESS, '--yes', ...more];
  const withoutPortal = () => workplace.write('.dev.vars', `STRIPE_SECRET_KEY=${workplace.key}\n`);
  beforeEach(withoutPortal);

  it('leaves the endpoint of the deployed Worker alone', async () => {
    const { id } = await makeEndpoint({ portal_link: `portal-link@${workplace.cloudflare.id}` });
    expect(await workplace.run(local())).toMatchObject({ status: 2 });
    expect(endpoints()).toMatchObject([{ id }]);
    expect(changesAtStripe()).toEqual([]);
    expect(workplace.localVariables()).toEqual({ STRIPE_SECRET_KEY: workplace.key });
  });

  it('replaces an endpoint that the operator names, and no other', async () => {
    const old = await makeEndpoint();
    const wrong = await workplace.run(local('--replace-webhook', 'we_another'));
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.output).toMatch(/no endpoint we_another leads to/);
    const other = await makeEndpoint({}, 'https://shop.example.com/api/stripe/webhook');
    expect(await workplace.run(local('--replace-webhook', old.id))).toMatchObject({ status: 0 });
    expect(endpoints().map(({ id }) => id)).not.toContain(old.id);
    expect(endpoints().map(({ id }) => id)).toContain(other.id);
    const replaced = endpoints().find(({ url }) => url === address);
    expect(workplace.localVariables()['STRIPE_WEBHOOK_SECRET']).toBe(replaced!.secret);
  });

  it('takes no event away from an endpoint that it did not make', async () => {
    const { id, secret } = await makeEndpoint();
    workplace.stripe.state.webhookEndpoints.get(id)!.enabled_events = ['invoice.paid'];
    const given = { STRIPE_WEBHOOK_SECRET: secret };
    expect(await workplace.run(local(), given)).toMatchObject({ status: 0 });
    expect(endpoints()[0]?.enabled_events.toSorted()).toEqual(
      [...EVENT_TYPES, 'invoice.paid'].toSorted(),
    );
  });

  it('keeps an endpoint whose secret the operator gives', async () => {
    const { secret, id } = await makeEndpoint();
    const given = { STRIPE_WEBHOOK_SECRET: secret };
    expect(await workplace.run(local(), given)).toMatchObject({ status: 0 });
    expect(endpoints()).toMatchObject([{ id, secret }]);
    expect(workplace.localVariables()).toMatchObject(given);
  });

  it('keeps an endpoint from before endpoints named their Worker', async () => {
    await workplace.run(local());
    const [endpoint] = endpoints();
    endpoint!.metadata = {};
    expect((await workplace.run(local())).output).toContain('Nothing to change');
    withoutPortal();
    expect(await workplace.run(local())).toMatchObject({ status: 2 });
    expect(endpoints()).toEqual([endpoint]);
  });
});

describe('before the first change, setup names', () => {
  const named = async (words: string[], given: Record<string, string>) => {
    const { output } = await workplace.run([...words, '--dry-run'], given);
    const lines = output.slice(0, output.indexOf('Would:')).split('\n');
    return Object.fromEntries(
      lines.flatMap((line) => {
        const [, title, value] = /^ {2}(\S.*?) {2,}(.*)$/.exec(line) ?? [];
        return title ? [[title, value]] : [];
      }),
    );
  };

  it('the accounts, the Worker, its database and its address', async () => {
    const { cloudflare, stripe } = workplace;
    const words = ['setup', '--remote', '--url', ADDRESS];
    const facts = {
      'Cloudflare account': `Example Ltd (${cloudflare.id})`,
      Worker: 'portal-link, not there yet',
      Database: 'portal-link, not there yet',
      Address: ADDRESS,
      'Stripe account': `Example Shop (${stripe.state.account}), test mode`,
      'Webhook endpoint': 'a new one',
    };
    const unrestricted = 'sk_test_standin0000000000000000';
    expect(await named(words, { STRIPE_SECRET_KEY: unrestricted })).toEqual(facts);
    // A restricted key may not read the account. Stripe's refusal names it.
    expect(await named(words, key())).toEqual({
      ...facts,
      'Stripe account': `${stripe.state.account}, test mode`,
    });
    cloudflare.createWorker('portal-link');
    cloudflare.createDatabase('portal-link');
    expect(await named(words, key())).toMatchObject({
      Worker: 'portal-link, there',
      Database: 'portal-link, there',
    });
  });

  it('the Worker of an environment that is not in wrangler.toml yet', async () => {
    const facts = await named(['setup', '--env', 'staging'], key());
    expect(facts).toMatchObject({
      Worker: 'portal-link-staging, not there yet',
      Database: 'portal-link-staging, not there yet',
      Address: 'https://portal-link-staging.example-ltd.workers.dev',
    });
  });

  it.each([
    [
      'a custom domain',
      { routes: [{ pattern: 'pay.example.com', custom_domain: true }] },
      'https://pay.example.com',
    ],
    [
      'a route',
      { routes: ['example.com/billing*', 'https://example.com/api/stripe/*'] },
      'https://example.com',
    ],
    [
      'its own PUBLIC_ORIGIN',
      { vars: { PUBLIC_ORIGIN: 'https://me.example' } },
      'https://me.example',
    ],
    ['workers.dev', {}, 'https://portal-link.example-ltd.workers.dev'],
    ['no single host', { routes: ['*.example.com/billing*'] }, undefined],
  ])('the address of %s, where --url says nothing', async (_what, patch, expected) => {
    workplace.edit('wrangler.toml', patch);
    const facts = await named(['setup', '--remote'], key());
    expect(facts['Address']).toBe(expected);
  });
});
