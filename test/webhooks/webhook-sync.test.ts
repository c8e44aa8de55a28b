import { describe, expect, it } from 'vitest';
import { known, newCustomer, now, post, sign, useEndpoint, world } from './endpoint.ts';

useEndpoint();

describe('what a sync makes of a customer', () => {
  async function deliver(): Promise<void> {
    const payload = JSON.stringify([...world.stripe.state.events.values()].at(-1));
    expect((await post(payload, await sign(payload))).status).toBe(200);
  }

  it('maps by the completed checkout when there is no metadata', async () => {
    const customer = await world.api.customers.create({ name: 'Grace' });
    world.stripe.state.completeCheckout({
      customer: customer.id,
      client_reference_id: 'checked out',
    });
    await deliver();
    expect(await known('checked out')).toEqual([customer.id]);
  });

  it('maps by a subscription’s metadata', async () => {
    const { id } = await world.api.customers.create({ name: 'Grace' });
    await world.subscribe(id, { user_id: 'subscribed' });
    await deliver();
    expect(await known('subscribed')).toEqual([id]);
  });

  it('keeps a mapping that later events lack, and follows one that changes', async () => {
    const { id } = await newCustomer('first');
    await deliver();
    await world.api.customers.update(id, { metadata: { user_id: '' } });
    await deliver();
    expect(await known('first')).toEqual([id]);
    await world.api.customers.update(id, { metadata: { user_id: 'second' } });
    await deliver();
    expect([await known('first'), await known('second')]).toEqual([[], [id]]);
  });

  it('lets no buyer’s reference take over a customer that is mapped', async () => {
    const { id } = await newCustomer('owner');
    await deliver();
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'thief' });
    await deliver();
    expect([await known('owner'), await known('thief')]).toEqual([[id], []]);
  });

  it('keeps the first of several references that checkouts carry', async () => {
    const { id } = await world.api.customers.create({ name: 'Grace' });
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'first buyer' });
    await deliver();
    world.stripe.state.completeCheckout({ customer: id, client_reference_id: 'second buyer' });
    await deliver();
    expect([await known('first buyer'), await known('second buyer')]).toEqual([[id], []]);
  });

  it('marks a deleted customer deleted, for good and without its e-mail address', async () => {
    const { id, payload } = await newCustomer('deleted');
    await deliver();
    await world.api.customers.del(id);
    await deliver();
    expect(await known('deleted')).toEqual([]);
    await post(payload, await sign(payload));
    expect(await known('deleted')).toEqual([]);
    expect(await world.row(id)).toMatchObject({ subject: 'deleted', email: null, name: null });
  });

  it('reads all of more subscriptions than fit on a page', async () => {
    const { id } = await newCustomer('many');
    for (let count = 0; count < 103; count += 1) await world.subscribe(id);
    await deliver();
    expect(await world.stores.customers.subscriptionsOf(id)).toHaveLength(103);
  });

  it('takes cancel_at for a cancellation, whichever way it came', async () => {
    const { id } = await newCustomer('cancelling');
    const subscription = await world.subscribe(id);
    const end = now() + 86_400;
    await world.api.subscriptions.update(subscription.id, { cancel_at: end });
    await deliver();
    const { browser } = await world.visitor('cancelling');
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).toContain('Cancels ');
    expect(await world.stores.customers.subscriptionsOf(id)).toMatchObject([{ cancelAt: end }]);
  });

  it('forgets subscriptions that have ended', async () => {
    const { id } = await newCustomer('ended');
    const subscription = await world.subscribe(id);
    await deliver();
    await world.api.subscriptions.cancel(subscription.id);
    await deliver();
    expect(await world.stores.customers.subscriptionsOf(id)).toEqual([]);
    expect(await known('ended')).toEqual([id]);
  });
});
