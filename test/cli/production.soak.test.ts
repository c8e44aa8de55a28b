import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { openProduction, outcomes, WORKER, type Production } from './production.ts';
import { ADDRESS } from './workplace.ts';

let production: Production;
beforeAll(async () => {
  production = await openProduction();
});
afterAll(async () => production.close());

const links = { LINK_SECRET: 'a secret of thirty-two characters' };

describe('the first Worker', () => {
  it('goes from nothing at Cloudflare to a deployed Worker, and does nothing the second time', async () => {
    const { cloudflare, stripe, key, setup, doctor, secrets, script, endpoints } = production;
    expect(outcomes(await doctor())).toMatchObject({
      cloudflare: 'failure',
      secrets: 'skipped',
      database_migrations: 'failure',
    });

    expect(await setup(links)).toMatchObject({ status: 0 });
    expect([...cloudflare.databases.keys()]).toEqual([WORKER]);
    expect(secrets()).toEqual({
      STRIPE_SECRET_KEY: key,
      STRIPE_WEBHOOK_SECRET: endpoints()[0]!.secret,
      ...links,
    });
    expect(script()).toMatchObject({ deployed: true, crons: ['*/5 * * * *'] });
    expect(production.portal()).toMatch(/^bpc_/);
    expect(production.setting('PORTAL_CONFIGURATION')).toBe('');
    // Without it, deploy would have refused a Worker that signs links.
    expect(production.setting('PUBLIC_ORIGIN')).toBe(ADDRESS);
    const order = cloudflare.requests.filter((line) => /POST.*(?:d1|query|deployments)/.test(line));
    expect(order.at(0)).toMatch(/d1\/database$/);
    // What comes after it only looks how far the first fill is.
    const deployed = order.findLastIndex((line) => line.endsWith('deployments'));
    const isQuery = (line: string) => line.endsWith('/query');
    expect(order.slice(0, deployed).filter(isQuery).length).toBeGreaterThan(2);
    expect(order.slice(deployed + 1).filter((line) => !isQuery(line))).toEqual([]);

    // A test key in production, and a sign-in page on another host, are all that there is to say: a
    // live key is never sent here.
    production.answerHealth({
      status: 'ok',
      version: VERSION,
      mode: 'test',
      last_run: new Date().toISOString(),
      first_fill: 'complete',
      backlog: { customers: 0, failing: 0, seconds: 0 },
    });
    const unwell = Object.entries(outcomes(await doctor())).filter(
      ([, outcome]) => outcome !== 'ok',
    );
    expect(unwell).toEqual([
      ['cookie_reach', 'warning'],
      ['stripe_key', 'warning'],
    ]);

    const calls = [stripe.requests.length, cloudflare.requests.length];
    expect((await setup(links)).output).toContain('Nothing to change');
    expect(stripe.requests.slice(calls[0]).filter(({ method }) => method !== 'GET')).toEqual([]);
    const changed = cloudflare.requests
      .slice(calls[1])
      .filter((line) => !/^GET|\/query$/.test(line));
    expect(changed).toEqual([]);
  });

  it('gets a rotated secret, once', async () => {
    const { setup, secrets } = production;
    const rotated = { LINK_SECRET: `another secret for signing links!,${links.LINK_SECRET}` };
    expect((await setup(rotated)).output).toContain('Doing: Replace LINK_SECRET in the secrets');
    expect(secrets()).toMatchObject(rotated);
    expect((await setup(rotated)).output).toContain('Nothing to change');
  });

  it('has secrets that doctor cannot look at', async () => {
    expect(outcomes(await production.doctor({}))).toMatchObject({
      secrets: 'ok',
      stripe_key: 'warning',
      webhook_secret: 'ok',
      portal_configuration: 'skipped',
    });
  });

  it('lacks a secret that doctor names', async () => {
    const stored = production.script()!.secrets;
    const secret = stored.get('STRIPE_WEBHOOK_SECRET')!;
    stored.delete('STRIPE_WEBHOOK_SECRET');
    expect(outcomes(await production.doctor())).toMatchObject({ secrets: 'failure' });
    stored.set('STRIPE_WEBHOOK_SECRET', secret);
  });

  it('is not deployed after a migration that failed', async () => {
    const { cloudflare, run } = production;
    const calls = cloudflare.requests.length;
    cloudflare.failing = /query$/;
    expect(await run(['deploy'])).toMatchObject({ status: 2 });
    cloudflare.failing = undefined;
    expect(cloudflare.requests.slice(calls).join('\n')).not.toContain('versions');
  });

  it('has a cron job that has not run long after the tables were made', async () => {
    const { sqlite } = production.cloudflare.databases.get(WORKER)!;
    sqlite.exec("update d1_migrations set applied_at = '2020-01-01 00:00:00'");
    expect(outcomes(await production.doctor())).toMatchObject({ database_fill: 'warning' });
    sqlite.exec(
      "insert into cursors values ('customers:test', 'done'), ('checkouts:test', 'done'), ('subscriptions:test', 'done')",
    );
    expect(outcomes(await production.doctor())).toMatchObject({ database_fill: 'ok' });
  });
});

describe('a second Worker', () => {
  it('gets an environment, a database, an address and secrets of its own', async () => {
    const { cloudflare, run, key } = production;
    const given = { STRIPE_SECRET_KEY: key };
    const words = ['setup', '--env', 'staging', '--yes', '--url', 'https://staging.example.com'];
    expect(await run(words, given)).toMatchObject({ status: 0 });
    expect([...cloudflare.databases.keys()]).toEqual([WORKER, 'portal-link-staging']);
    const script = cloudflare.scripts.get('portal-link-staging')!;
    expect(script).toMatchObject({ deployed: true });
    expect(script.bindings).toContainEqual(
      expect.objectContaining({ name: 'PUBLIC_ORIGIN', text: 'https://staging.example.com' }),
    );
    const link = ['link', '--revoke', '--subject=user_42', '--env', 'staging'];
    expect(await run(link)).toMatchObject({ status: 0 });
    const { sqlite } = cloudflare.databases.get('portal-link-staging')!;
    expect(sqlite.prepare('select id from link_revocations').all()).toEqual([{ id: 'user_42' }]);
  });

  it('shares no counter with the first', async () => {
    const doctor = await production.run(['doctor', '--json', '--env', 'staging']);
    expect(outcomes(doctor)).toMatchObject({ rate_limit_counters: 'ok' });
    const limits = [...production.cloudflare.scripts.values()].flatMap(({ bindings }) =>
      bindings.filter(({ type }) => type === 'ratelimit').map((each) => each.namespace_id),
    );
    expect(limits).toHaveLength(10);
    expect(new Set(limits).size).toBe(10);
  });
});
