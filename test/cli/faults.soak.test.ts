import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProduction, outcomes, WORKER, type Production } from './production.ts';

let production: Production;
beforeEach(async () => {
  production = await openProduction();
});
afterEach(async () => production.close());

it('keeps no endpoint whose secret could not be stored, and completes in the next run', async () => {
  const { setup, script, stripe, cloudflare, endpoints, secrets } = production;
  await setup();
  script()!.secrets.delete('STRIPE_WEBHOOK_SECRET');
  stripe.state.webhookEndpoints.clear();
  cloudflare.failing = /PUT .*secrets/;
  const broken = await setup();
  expect(broken.status).toBe(2);
  expect(broken.output).toMatch(/✗ STRIPE_WEBHOOK_SECRET could not be stored/);
  expect(broken.output).not.toMatch(/^\s+at /m);
  expect(endpoints()).toEqual([]);
  cloudflare.failing = undefined;
  expect(await setup()).toMatchObject({ status: 0 });
  expect(secrets()['STRIPE_WEBHOOK_SECRET']).toBe(endpoints()[0]!.secret);
});

it('changes nothing at Stripe while Cloudflare cannot be asked', async () => {
  const { setup, stripe, doctor } = production;
  const wrong = { CLOUDFLARE_API_TOKEN: 'wrong' };
  const run = await setup(wrong);
  expect(run.status).toBe(2);
  expect(run.output).toMatch(/✗ Cloudflare cannot be asked.*npx wrangler login/);
  expect(stripe.requests).toEqual([]);
  expect(outcomes(await doctor(wrong))).toMatchObject({
    cloudflare: 'failure',
    secrets: 'skipped',
    rate_limit_counters: 'skipped',
  });
});

it('deploys to an account that has nothing but the secrets', async () => {
  const { cloudflare, run, script } = production;
  const secrets = { STRIPE_SECRET_KEY: 'x', STRIPE_WEBHOOK_SECRET: 'y' };
  cloudflare.createWorker(WORKER, secrets).deployed = false;
  expect(await run(['deploy'])).toMatchObject({ status: 0 });
  expect(script()).toMatchObject({ deployed: true });
  const { sqlite } = cloudflare.databases.get(WORKER)!;
  expect(sqlite.prepare('select count(*) as n from customers').get()).toEqual({ n: 0 });
});

it('warns of origins that only a developer’s machine has', async () => {
  production.configure({
    ALLOWED_ORIGINS: 'http://localhost:3000',
    PUBLIC_ORIGIN: 'http://localhost:8787',
  });
  expect(outcomes(await production.doctor())).toMatchObject({
    allowed_origins: 'warning',
    public_origin: 'failure',
  });
});
