import { beforeEach, describe, expect, it } from 'vitest';
import { withoutCallSite } from '../src/stripe/client.ts';
import { createWorld, type Person, type World } from './world.ts';

it('leaves out the stack trace of where a call begins, and no other', async () => {
  const limit = Error.stackTraceLimit;
  const frames = (error: Error) => error.stack?.split('\n').length ?? 0;
  const [begun, later] = await withoutCallSite(async () => {
    const first = new Error('begins');
    await Promise.resolve();
    return [first, new Error('goes on')] as const;
  });
  expect(frames(begun)).toBe(1);
  expect(frames(later)).toBeGreaterThan(1);
  expect(() =>
    withoutCallSite(() => {
      throw new Error('at once');
    }),
  ).toThrow('at once');
  expect(Error.stackTraceLimit).toBe(limit);
});

describe('an outage that Stripe says not to retry', () => {
  const SESSIONS = '/v1/billing_portal/sessions';
  const outage = { path: SESSIONS, status: 500, headers: { 'stripe-should-retry': 'false' } };

  let world: World;
  let ada: Person;
  beforeEach(async () => {
    world = await createWorld();
    ada = await world.somebody();
  });

  const follow = async (query = '') =>
    world.visit(`/billing/manage${query}`, {
      headers: { ...ada.browser, accept: 'application/json' },
    });

  it('is answered by one more request, with a key of its own, since the old one repeats it', async () => {
    world.stripe.faults.order(outage);
    expect((await follow()).status).toBe(303);
    const calls = world.callsTo(SESSIONS);
    expect(calls.map(({ status }) => status)).toEqual([500, 200]);
    const keys = calls.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(2);
    expect(world.stripe.state.portalSessions.size).toBe(1);
  });

  it('keeps the flow that was asked for', async () => {
    world.stripe.faults.order(outage);
    expect((await follow('?flow=payment_method_update')).status).toBe(303);
    expect(world.callsTo(SESSIONS).at(-1)?.parameters).toMatchObject({
      customer: ada.customer,
      flow_data: { type: 'payment_method_update' },
    });
  });

  it('is said after the second time, and is not asked a third time', async () => {
    world.stripe.faults.order({ ...outage, times: 5 });
    const response = await follow();
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'stripe_unavailable' });
    expect(world.callsTo(SESSIONS)).toHaveLength(2);
  });

  it('does not lead to another request after a refusal', async () => {
    world.stripe.faults.order({ ...outage, status: 403 });
    expect((await follow()).status).toBe(503);
    expect(world.callsTo(SESSIONS)).toHaveLength(1);
  });
});
