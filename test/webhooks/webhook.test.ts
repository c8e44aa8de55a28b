import { describe, expect, it } from 'vitest';
import { brokenDatabase } from '../database.ts';
import { collectEvents } from '../deliver.ts';
import { thinNotificationOf } from '../stripe/webhooks.ts';
import { LIVE_KEY, type World } from '../world.ts';
import { known, newCustomer, post, sign, useEndpoint, world } from './endpoint.ts';

useEndpoint();

describe('POST /api/stripe/webhook', () => {
  it('answers 200 when D1 holds what the event reports', async () => {
    const { id, payload } = await newCustomer('hooked');
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(200);
    expect(await known('hooked')).toEqual([id]);
  });

  it.each([
    ['without an object', { data: { object: null } }, 200],
    ['with a type that is no text', { type: 7 }, 400],
    [
      'of a subscription that is gone',
      { related_object: { type: 'subscription', id: 'sub_gone' } },
      200,
    ],
    ['with an id that is none', { related_object: { type: 'subscription', id: '../x' } }, 200],
  ])('is not asked again for a signed event %s', async (_what, part, status) => {
    const event = { id: 'evt_1', object: 'event', type: 'customer.updated', livemode: false };
    const payload = JSON.stringify({ ...event, ...part });
    expect((await post(payload, await sign(payload))).status).toBe(status);
  });

  it('takes thin notifications, and follows what they name to the customer', async () => {
    const { id } = await newCustomer('thin');
    const product = await world.api.products.create({ name: 'Pro' });
    const price = await world.api.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
    });
    const subscription = await world.api.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
    });
    const event = [...world.stripe.state.events.values()].at(-1)!;
    const payload = thinNotificationOf(event);
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known('thin')).toEqual([id]);
    expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([
      { id: subscription.id, status: 'active', items: [{ product: 'Pro', amount: 500 }] },
    ]);
  });

  it.each(['snapshot', 'thin'] as const)(
    'hears of a schedule that changes a subscription, by a %s event',
    async (how) => {
      const { customer } = await world.somebody();
      const { id } = await world.subscribe(customer);
      const { id: schedule, phases } = await world.api.subscriptionSchedules.create({
        from_subscription: id,
      });
      await world.sync(customer);
      const events = collectEvents(world);
      const [{ items, start_date, end_date }] = phases as [(typeof phases)[0]];
      const kept = items.map(({ price }) => ({
        price: typeof price === 'string' ? price : price.id,
      }));
      await world.api.subscriptionSchedules.update(schedule, {
        phases: [
          { items: kept, start_date, end_date },
          { items: kept, start_date: end_date, end_date: end_date + 86_400 },
        ],
      });
      expect(await events.deliverAll(how)).toEqual([200]);
      expect(await world.stores.customers.subscriptionsOf(customer)).toMatchObject([
        { id, terms: { changesAt: end_date } },
      ]);
    },
  );

  it('believes Stripe and not the event about the state', async () => {
    const { id, event } = await newCustomer('forged');
    event.data.object['metadata'] = { user_id: 'somebody else' };
    const payload = JSON.stringify(event);
    await post(payload, await sign(payload));
    expect(await known('forged')).toEqual([id]);
    expect(await known('somebody else')).toEqual([]);
  });

  it('ignores types that it does not know, without a call or a write', async () => {
    const { event } = await newCustomer('ignored');
    const calls = world.stripe.requests.length;
    const payload = JSON.stringify({ ...event, type: 'invoice.paid' });
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(world.stripe.requests).toHaveLength(calls);
    expect(world.queries).toEqual([]);
  });

  it('refuses an event of the other mode', async () => {
    const { payload } = await newCustomer('other mode');
    world.configure({ STRIPE_SECRET_KEY: LIVE_KEY });
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'webhook_mode_mismatch' });
    expect(world.queries).toEqual([]);
  });

  it('refuses a body over the limit before anything is hashed', async () => {
    const response = await post('x'.repeat(600_000), 'garbage');
    expect(response.status).toBe(413);
  });

  it('is 503 while no secret is configured', async () => {
    world.configure({ STRIPE_WEBHOOK_SECRET: '' });
    const { payload } = await newCustomer('unconfigured');
    const response = await post(payload, await sign(payload, ''.padEnd(1)));
    expect(response.status).toBe(503);
  });

  it.each(['GET', 'PUT'])('does not take %s', async (method) => {
    expect((await world.visit('/api/stripe/webhook', { method })).status).toBe(405);
  });

  it.each<[string, Parameters<World['stripe']['faults']['order']>[0]]>([
    ['is down', { status: 500 }],
    ['cannot be reached', { cut: true }],
    ['answers nonsense', { status: 200, body: 'null' }],
  ])('asks for another delivery when Stripe %s, which then succeeds', async (_, fault) => {
    const { id, payload } = await newCustomer(`again ${_}`);
    world.stripe.faults.order({ path: `/v1/customers/${id}`, times: 2, ...fault });
    expect((await post(payload, await sign(payload))).status).toBeGreaterThanOrEqual(500);
    expect(await known(`again ${_}`)).toEqual([]);
    world.stripe.faults.clear();
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known(`again ${_}`)).toEqual([id]);
  });

  it('asks for another delivery when D1 is down', async () => {
    const { payload } = await newCustomer('down');
    world.configure({ DB: brokenDatabase('D1_ERROR: D1 DB is overloaded.') });
    const response = await post(payload, await sign(payload));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'database_unavailable' });
  });

  it('gives D1 one more try where that may help', async () => {
    const { id, payload } = await newCustomer('stumbled');
    world.failQuery('D1_ERROR: Network connection lost.');
    expect((await post(payload, await sign(payload))).status).toBe(200);
    expect(await known('stumbled')).toEqual([id]);
  });
});
