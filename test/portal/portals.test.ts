import { beforeEach, describe, expect, it } from 'vitest';
import { ALL, createPortalWorld, lastSession, subscriberIn, type Wanted } from './portal-world.ts';
import { createWorld, type World } from '../world.ts';

let world: World;

const ROLES = {
  AUTH_ROLE_CLAIM: 'role',
  AUTH_BILLING_ROLES: 'owner',
};

async function worldWith(wanted: Wanted[], settings: Record<string, unknown> = {}) {
  const made = await createPortalWorld(wanted, settings);
  ({ world } = made);
  return made.ids;
}

async function follow(headers: Record<string, string>, path = '/billing/manage') {
  const response = await world.visit(path, { headers });
  expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
  return lastSession(world);
}

/** The page; `person` is whose accounts it may show besides the token's own. */
const pageFor = async (headers: Record<string, string>, path = '/billing', person: string[] = []) =>
  (await world.visit(path, { headers }, undefined, person)).text();

/** A subscription that D1 does not know yet. */
async function bought(customer: string) {
  const { id, items } = await world.subscribe(customer);
  return { id, product: items.data[0]!.price.product as string };
}

const subscriber = async () => subscriberIn(world);

describe('rules', () => {
  it.each(['products', 'prices'] as const)('give a portal to those who have its %s', async (of) => {
    const ids = await worldWith([
      { name: 'named', features: [], rules: [{ [of]: ['none'] }] },
      { name: 'default', features: [] },
    ]);
    const ada = await subscriber();
    const { browser } = await world.somebody();
    expect(await follow(ada.browser)).toMatchObject({ configuration: ids['default'] });
    const rules = [{ [of]: [of === 'prices' ? ada.price : ada.product] }];
    const setting = [
      { name: 'named', id: ids['named'], features: [], rules },
      { name: 'default', id: ids['default'], features: [] },
    ];
    world.configure({ PORTALS: JSON.stringify(setting) });
    expect(await follow(ada.browser)).toMatchObject({ configuration: ids['named'] });
    expect(await follow(browser)).toMatchObject({ configuration: ids['default'] });
  });

  /** Whose rule is for the product that this person has bought. */
  async function byProduct(product: string) {
    const ids = await worldsPortals();
    world.configure({
      PORTALS: JSON.stringify([
        { name: 'named', id: ids.named, features: [], rules: [{ products: [product] }] },
        { name: 'default', id: ids.fallback, features: [] },
      ]),
    });
    return ids;
  }

  async function worldsPortals() {
    const features = { invoice_history: { enabled: true } };
    const named = await world.api.billingPortal.configurations.create({ features });
    const fallback = await world.api.billingPortal.configurations.create({ features });
    return { named: named.id, fallback: fallback.id };
  }

  it('see what a stale replica lacks', async () => {
    world = await createWorld();
    const ada = await world.somebody();
    const { product } = await bought(ada.customer);
    const ids = await byProduct(product);
    await world.freeze();
    await world.sync(ada.customer);
    expect(await follow(ada.browser)).toMatchObject({ configuration: ids.named });
  });

  it('do not hold for a checkout that nobody has paid', async () => {
    world = await createWorld();
    const ada = await world.somebody();
    const { id, product } = await bought(ada.customer);
    world.stripe.state.changeSubscription(id, { status: 'incomplete' });
    await world.sync(ada.customer);
    const ids = await byProduct(product);
    expect(await follow(ada.browser)).toMatchObject({ configuration: ids.fallback });
  });

  it('are tried in order, and all of one must hold', async () => {
    const ids = await worldWith(
      [
        { name: 'both', features: [], rules: [{ roles: ['owner'], products: ['prod_none'] }] },
        { name: 'owners', features: [], rules: [{ roles: ['owner'] }] },
        { name: 'also-owners', features: [], rules: [{ roles: ['owner', 'admin'] }] },
        { name: 'default', features: [] },
      ],
      { AUTH_ROLE_CLAIM: 'role' },
    );
    const { subject } = await world.somebody();
    const by = async (role: string) => (await world.visitor(subject, { role })).browser;
    expect(await follow(await by('owner'))).toMatchObject({ configuration: ids['owners'] });
    expect(await follow(await by('admin'))).toMatchObject({ configuration: ids['also-owners'] });
    expect(await follow(await by('member'))).toMatchObject({ configuration: ids['default'] });
  });

  it.each(['configuration', 'portal', 'role', 'PORTALS'])(
    'cannot be overruled by a request: %s',
    async (name) => {
      const ids = await worldWith(
        [
          { name: 'owners', features: [], rules: [{ roles: ['owner'] }] },
          { name: 'default', features: [] },
        ],
        { AUTH_ROLE_CLAIM: 'role' },
      );
      const { browser, bearer } = await world.somebody();
      for (const value of ['owners', 'owner', ids['owners']!]) {
        const asked = await follow(browser, `/billing/manage?${name}=${value}`);
        expect(asked).toMatchObject({ configuration: ids['default'] });
        const response = await world.visit('/api/stripe/create-portal-session', {
          method: 'POST',
          headers: { ...bearer, 'content-type': 'application/json' },
          body: JSON.stringify({ [name]: value }),
        });
        expect(await response.json()).toMatchObject({ code: 'request_invalid' });
      }
    },
  );
});

describe('a role that may not bill', () => {
  let ids: Record<string, string>;
  let subject: string;

  beforeEach(async () => {
    ids = await worldWith(
      [
        { name: 'readers', features: ['invoice_history'], rules: [{ roles: ['member'] }] },
        { name: 'one-plan', features: [...ALL], rules: [{ products: ['prod_x'] }] },
        { name: 'default', features: [...ALL], updates: ['price'] },
      ],
      { ...ROLES, AUTH_SUBJECT_CLAIM: 'org_id' },
    );
    ({ subject } = await subscriber());
  });

  const as = async (role: string) =>
    (await world.visitor('a person', { org_id: subject, role })).browser;

  it('opens the portal that a rule gives it, at its home, whatever it came for', async () => {
    const browser = await as('member');
    expect(await follow(browser)).toMatchObject({ configuration: ids['readers'] });
    for (const flow of ['payment_method_update', 'subscription_cancel', 'pay']) {
      const session = await follow(browser, `/billing/manage?flow=${flow}`);
      expect(session).toMatchObject({ configuration: ids['readers'] });
      expect(session).not.toHaveProperty('flow_data');
    }
    expect(world.callsTo('/v1/invoices')).toHaveLength(0);
  });

  it('opens no portal by a rule that names no role', async () => {
    world.configure({
      PORTALS: JSON.stringify([
        { name: 'anyone', id: ids['one-plan'], features: [], rules: [{ products: ['prod_x'] }] },
        { name: 'default', id: ids['default'], features: [] },
      ]),
    });
    const response = await world.visit('/billing/manage', { headers: await as('member') });
    expect(response.status).toBe(403);
  });

  it('finds a page with the way there, and no more', async () => {
    const page = await pageFor(await as('member'), '/billing', [subject]);
    expect(page).toContain('Manage subscription');
    expect(page).not.toContain('Cancel');
  });

  it('is not the owner’s: they get the default', async () => {
    expect(await follow(await as('owner'))).toMatchObject({ configuration: ids['default'] });
    const guest = await world.visit('/billing/manage', { headers: await as('guest') });
    expect(guest.status).toBe(403);
  });
});
