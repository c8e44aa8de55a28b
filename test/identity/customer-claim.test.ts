import { beforeEach, describe, expect, it } from 'vitest';
import { createLinkWorld, signLink } from '../signed-links.ts';
import { createWorld, SIGNED_OUT, type Person, type World } from '../world.ts';

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld({ AUTH_CUSTOMER_CLAIM: 'stripe_id' });
  ada = await world.somebody();
});

const tokenOf = async (subject: string, customer: unknown) =>
  world.provider.sign({ ...world.claims(subject), stripe_id: customer });

const bearer = async (subject: string, customer: unknown) => ({
  authorization: `Bearer ${await tokenOf(subject, customer)}`,
});

async function answerTo(customer: unknown): Promise<[number, string]> {
  const headers = { ...(await bearer(ada.subject, customer)), accept: 'application/json' };
  const response = await world.visit('/billing/manage', { headers });
  return [response.status, await response.text()];
}

describe('a customer that the token names', () => {
  it('outranks what D1 has for the subject', async () => {
    const eve = await world.somebody();
    expect(await world.openedBy(await bearer(ada.subject, eve.customer))).toBe(eve.customer);
    expect(world.callsTo('/v1/customers/search')).toEqual([]);
  });

  it('is opened before D1 knows it, and is known afterwards', async () => {
    const { id } = await world.api.customers.create({ name: 'Imported' });
    expect(await world.openedBy(await bearer('nobody', id))).toBe(id);
    const [kept] = await world.stores.customers.findByIds([id], false, 'primary');
    expect(kept).toMatchObject({ id, name: 'Imported' });
  });

  it('is the one on the page', async () => {
    const { id } = await world.api.customers.create({ email: 'nobody.1@example.com' });
    const cookie = `session=${await tokenOf('nobody', id)}`;
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('nobody.1@example.com');
  });

  it.each([
    ['is not at Stripe', async () => 'cus_unknown'],
    [
      'was deleted',
      async () => {
        const { id } = await world.api.customers.create();
        await world.api.customers.del(id);
        return id;
      },
    ],
  ])('is not found if it %s', async (_, make) => {
    const [status, text] = await answerTo(await make());
    expect([status, JSON.parse(text).code]).toEqual([404, 'customer_not_found']);
    expect(world.sessionsMade()).toBe(0);
  });

  it.each([7, ['cus_1'], { id: 'cus_1' }, '../products', 'x'.repeat(256), true, 'sub_1'])(
    'makes the token useless if it is %j',
    async (customer) => {
      const [status, text] = await answerTo(customer);
      expect(status).toBe(401);
      expect(text).toContain('The token was refused: customer.');
    },
  );

  it.each([undefined, null, ''])('leaves the subject to D1 if it is %j', async (customer) => {
    expect(await world.openedBy(await bearer(ada.subject, customer))).toBe(ada.customer);
  });

  it('may not be asked for in place of another', async () => {
    const eve = await world.somebody();
    const headers = { ...(await bearer(ada.subject, ada.customer)), accept: 'application/json' };
    const response = await world.visit(`/billing/manage?customer=${eve.customer}`, { headers });
    expect(await response.json()).toMatchObject({ code: 'customer_not_yours' });
  });

  it('counts in one cookie of two that one subject has, as after a purchase', async () => {
    const [first, second] = [ada.customer, ''].map(async (id) => tokenOf(ada.subject, id));
    const cookie = `session=${await first}; session=${await second}`;
    expect(await world.openedBy({ ...SIGNED_OUT, cookie })).toBe(ada.customer);
  });

  it('makes no one of two subjects whose cookies name it', async () => {
    const [first, second] = ['one', 'two'].map(async (subject) => tokenOf(subject, ada.customer));
    const cookie = `session=${await first}; session=${await second}`;
    expect(await world.openedBy({ ...SIGNED_OUT, cookie })).toBeUndefined();
  });

  it.each(['user_metadata', 'unsafe_metadata', 'nickname'])(
    'is never read from %s, which users can write',
    async (claim) => {
      world.configure({ AUTH_CUSTOMER_CLAIM: claim });
      const health = await world.visit('/healthz');
      expect(health.status).toBe(503);
      expect(await health.text()).toContain('users can change this one themselves');
    },
  );
});

describe('a link that opens the customer of the token', () => {
  it('is for the visitor who is signed in, by whatever name it has', async () => {
    const links = await createLinkWorld({ AUTH_CUSTOMER_CLAIM: 'stripe_id' });
    const eve = await links.somebody();
    const token = await links.provider.sign({
      ...links.claims(eve.subject),
      stripe_id: eve.customer,
    });
    const headers = { ...SIGNED_OUT, cookie: `session=${token}` };
    for (const claims of [{ sub: eve.subject }, { customer: eve.customer }]) {
      const page = await (await links.look(await signLink(claims), headers)).text();
      expect(page).not.toContain('This link is for another account');
    }
    const other = await links.somebody();
    const page = await (await links.look(await signLink({ sub: other.subject }), headers)).text();
    expect(page).toContain('This link is for another account');
  });
});
