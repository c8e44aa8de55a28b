import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

const follow = async (query = '') =>
  world.visit(`/billing/manage${query}`, { headers: ada.browser });

/** A customer at Stripe and in D1's primary, of the same person. */
async function another(): Promise<string> {
  const metadata = { user_id: ada.subject };
  const { id } = await world.api.customers.create({ metadata });
  await world.sync(id);
  return id;
}

describe('a replica that still has an older state', () => {
  it('is not asked again after Stripe said that its customer is gone', async () => {
    await world.freeze();
    await world.api.customers.del(ada.customer);
    const id = await another();
    expect((await follow()).status).toBe(303);
    const calls = world.callsTo('/v1/billing_portal/sessions');
    expect(calls.at(-1)?.parameters['customer']).toBe(id);
  });

  it('does not hide a customer that a link names', async () => {
    await world.freeze();
    const id = await another();
    expect((await follow(`?customer=${id}`)).status).toBe(303);
  });

  it('does not hide the subscription that a flow is for', async () => {
    world.allowAllFlows();
    await world.freeze();
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    expect((await follow('?flow=subscription_cancel')).status).toBe(303);
    const [call] = world.callsTo('/v1/billing_portal/sessions');
    expect(JSON.stringify(call?.parameters)).toContain(id);
  });

  it('does not deny a subscription that a link names', async () => {
    await world.freeze();
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    expect((await follow(`?subscription=${id}`)).status).toBe(303);
    expect(world.callsTo('/v1/subscriptions').filter(({ method }) => method === 'GET')).toEqual([]);
  });

  it('does not keep a customer that has gone to somebody else', async () => {
    await world.freeze();
    await world.api.customers.update(ada.customer, { metadata: { user_id: 'somebody else' } });
    await world.sync(ada.customer);
    const page = await (await world.visit('/billing', { headers: ada.browser })).text();
    expect(page).toContain('Nothing to manage yet');
  });
});
