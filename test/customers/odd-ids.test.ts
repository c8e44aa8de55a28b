import { beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../deliver.ts';
import { createLinkWorld, signLink } from '../signed-links.ts';
import type { World } from '../world.ts';

const ODD = ['shop|42', 'ab:cd:7', 'Jane Doe 3', 'a.b@c+d', "it's (1)"];

let world: Awaited<ReturnType<typeof createLinkWorld>>;

beforeEach(async () => {
  world = await createLinkWorld({ PUBLIC_ORIGIN: 'https://shop.example' });
});

/** A customer as an import leaves them: with the id that they had before. */
async function imported(id: string, to: World): Promise<void> {
  const made = await to.api.customers.create({ metadata: { user_id: `user of ${id}` } });
  const { customers } = to.stripe.state;
  customers.set(id, { ...customers.get(made.id)!, id });
  customers.delete(made.id);
}

describe.each(ODD)('a customer with the id %s', (id) => {
  beforeEach(async () => imported(id, world));

  it('is followed by webhooks, and opens the portal', async () => {
    const object = { object: 'customer', id };
    const event = { id: 'evt_1', object: 'event', type: 'customer.updated', livemode: false };
    expect(await deliver(world, JSON.stringify({ ...event, data: { object } }))).toBe(200);
    expect(await world.row(id)).toMatchObject({ subject: `user of ${id}` });
    const { browser } = await world.visitor(`user of ${id}`);
    expect(await world.openedBy(browser)).toBe(id);
    expect(world.callsTo(`/v1/customers/${encodeURIComponent(id)}`)).toHaveLength(1);
  });

  it('can be named by a signed link', async () => {
    expect((await world.press(await signLink({ customer: id }))).status).toBe(303);
  });

  it('can be named by the permanent link', async () => {
    await world.sync(id);
    const { browser } = await world.visitor(`user of ${id}`);
    const path = `/billing/manage?customer=${encodeURIComponent(id)}`;
    expect((await world.visit(path, { headers: browser })).status).toBe(303);
  });
});

it.each(['.', '..', '../x', 'a/b', 'a?b', 'a#b', ' a', 'a ', 'a\n', 'sub_1', ''])(
  'an event of a customer %j leads nowhere',
  async (id) => {
    const object = { object: 'customer', id };
    const event = { id: 'evt_1', object: 'event', type: 'customer.updated', livemode: false };
    const calls = world.stripe.requests.length;
    await deliver(world, JSON.stringify({ ...event, data: { object } }));
    expect(world.stripe.requests.slice(calls).map(({ path }) => path)).toEqual(
      id === 'sub_1' ? ['/v1/customers/sub_1'] : [],
    );
  },
);
