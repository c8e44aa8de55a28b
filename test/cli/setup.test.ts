import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../src/customers/events.ts';
import { fillIn, LIVE_KEY, openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = await openWorkplace();
});
afterEach(async () => workplace.close());

type Report = { status: number; checks: { check: string; outcome: string; found: string }[] };
const outcomes = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout) as Report).checks.map(({ check, outcome }) => [check, outcome]),
  );
const countsOf = (stdout: string) => Object.values(outcomes(stdout)).toSorted();

it('takes a fresh account from failures to all well, and then changes nothing any more', async () => {
  const { stripe, origin } = workplace;
  const before = await workplace.run(['doctor', '--json']);
  expect(before.status).toBe(2);
  expect(countsOf(before.stdout)).toContain('failure');

  fillIn(workplace);
  workplace.configure({ PUBLIC_ORIGIN: origin });
  const set = ['setup', '--yes'];
  const key = { STRIPE_SECRET_KEY: workplace.key };
  const first = await workplace.run(set, key);
  expect(first).toMatchObject({ status: 0 });
  const [endpoint] = stripe.state.webhookEndpoints.values();
  expect(endpoint).toMatchObject({
    url: `${origin}/api/stripe/webhook`,
    enabled_events: EVENT_TYPES,
  });
  expect(workplace.secrets()).toEqual({
    STRIPE_SECRET_KEY: workplace.key,
    STRIPE_WEBHOOK_SECRET: endpoint!.secret,
  });

  const after = await workplace.run(['doctor', '--json']);
  expect(outcomes(after.stdout)).toEqual(
    Object.fromEntries(Object.keys(outcomes(after.stdout)).map((check) => [check, 'ok'])),
  );
  expect(after.status).toBe(0);

  const files = ['wrangler.toml', '.dev.vars'].map(workplace.read);
  const calls = stripe.requests.length;
  const second = await workplace.run(set);
  expect(second.output).toContain('Nothing to change');
  expect(stripe.requests.slice(calls).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(['wrangler.toml', '.dev.vars'].map(workplace.read)).toEqual(files);
});
