import { beforeEach, describe, expect, it } from 'vitest';
import type { WrittenPortal } from '../src/config/portals-setting.ts';
import { createWorld } from './world.ts';

let world: Awaited<ReturnType<typeof createWorld>>;

const ROLES = {
  AUTH_ROLE_CLAIM: 'role',
  AUTH_BILLING_ROLES: 'owner',
};

const ALL = [
  'customer_update',
  'invoice_history',
  'payment_method_update',
  'subscription_cancel',
  'subscription_pause',
  'subscription_update',
] as const;

type Wanted = Omit<WrittenPortal, 'id'>;

/** A Worker with these portals, each of which is at Stripe and has what it says switched on. */
async function worldWith(wanted: Wanted[], settings: Record<string, unknown> = {}) {
  world = await createWorld(settings);
  const ids: Record<string, string> = {};
  const written: WrittenPortal[] = [];
  for (const portal of wanted) {
    const { id } = await world.api.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const { features } = world.stripe.state.configurations.get(id)!;
    for (const feature of ALL) features[feature].enabled = portal.features.includes(feature);
    written.push({ ...portal, id });
    ids[portal.name] = id;
  }
  world.configure({ PORTALS: JSON.stringify(written) });
  return ids;
}

const lastSession = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;

async function follow(headers: Record<string, string>, path = '/billing/manage') {
  const response = await world.visit(path, { headers });
  expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com\//);
  return lastSession();
}

/** The page; `person` is whose accounts it may show besides the token's own. */
const pageFor = async (headers: Record<string, string>, path = '/billing', person: string[] = []) =>
  (await world.visit(path, { headers }, undefined, person)).text();

/** A subscription that D1 does not know yet. */
async function bought(customer: string) {
  const { id, items } = await world.subscribe(customer);
  return { id, product: items.data[0]!.price.product as string };
}

/** Somebody with a subscription, which D1 knows. */
async function subscriber() {
  const person = await world.somebody();
  const subscription = await world.subscribe(person.customer);
  await world.sync(person.customer);
  const [item] = subscription.items.data;
  const { id: price, product } = item!.price as { id: string; product: string };
  return { ...person, subscription, price, product };
}

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

describe('the page', () => {
  const buttons = async (portal: Partial<Wanted>) => {
    await worldWith([{ name: 'default', features: [], ...portal }]);
    const { browser } = await subscriber();
    const page = await pageFor(browser);
    return [...page.matchAll(/<button[^>]*aria-label="([^":]+):/g)].map(([, label]) => label);
  };

  it.each<[string, Partial<Wanted>, string[]]>([
    ['nothing', {}, []],
    ['cancelling', { features: ['subscription_cancel'] }, ['Cancel']],
    ['pausing', { features: ['subscription_pause'] }, ['Pause']],
    [
      'plans',
      { features: ['subscription_update'], updates: ['price', 'quantity'] },
      ['Change plan'],
    ],
    ['seats', { features: ['subscription_update'], updates: ['quantity'] }, ['Change quantity']],
    ['codes', { features: ['subscription_update'], updates: ['promotion_code'] }, []],
    ['everything', { features: [...ALL], updates: ['price'] }, ['Change plan', 'Pause', 'Cancel']],
  ])('offers what the portal has on: %s', async (_, portal, labels) => {
    expect(await buttons(portal)).toEqual(labels);
  });

  it('offers the portal’s home alone where its features are not known', async () => {
    world = await createWorld();
    const { browser } = await subscriber();
    const page = await pageFor(browser);
    expect(page).toContain('Manage subscription');
    expect(page).not.toMatch(/Cancel|Change plan|Pause/);
  });

  it('offers to resume only where the portal can', async () => {
    for (const features of [['subscription_cancel'] as const, [] as const]) {
      await worldWith([{ name: 'default', features: [...features] }]);
      const { browser, customer, subscription } = await subscriber();
      await world.api.subscriptions.update(subscription.id, { cancel_at_period_end: true });
      await world.sync(customer);
      const page = await pageFor(browser);
      expect(page.includes('Don’t cancel')).toBe(features.length > 0);
    }
  });

  it('withdraws what Stripe has refused after all', async () => {
    const { default: id } = await worldWith([
      { name: 'default', features: ['subscription_cancel'] },
    ]);
    const { browser } = await subscriber();
    expect(await pageFor(browser)).toContain('Cancel');
    // Somebody has switched it off in the dashboard.
    world.stripe.state.configurations.get(id!)!.features.subscription_cancel.enabled = false;
    const response = await world.visit('/billing/manage?flow=subscription_cancel', {
      headers: browser,
    });
    const visit = response.headers.getSetCookie().find((each) => each.includes('portal='))!;
    const cookie = `${browser.cookie}; ${visit.split(';')[0]}`;
    expect(await pageFor({ ...browser, cookie })).not.toContain('Cancel:');
  });

  it('says at once that a flow is switched off, without asking Stripe', async () => {
    await worldWith([{ name: 'default', features: ['invoice_history'] }]);
    const { browser } = await subscriber();
    const page = await pageFor(browser, '/billing?flow=subscription_cancel');
    expect(page).not.toContain('Which subscription');
    const made = world.sessionsMade();
    const session = await follow(browser, '/billing/manage?flow=subscription_cancel');
    expect(session).not.toHaveProperty('flow_data');
    expect(world.sessionsMade()).toBe(made + 1);
  });
});

describe('a retention coupon', () => {
  const flow = '/billing/manage?flow=subscription_cancel';
  const cancelling = { name: 'default', features: ['subscription_cancel' as const] };

  it('is offered to somebody who comes to cancel', async () => {
    await worldWith([{ ...cancelling, coupon: 'STAY25' }]);
    await world.api.coupons.create({ id: 'STAY25', percent_off: 25, duration: 'once' });
    const { browser } = await subscriber();
    expect(await follow(browser, flow)).toMatchObject({
      flow_data: {
        type: 'subscription_cancel',
        subscription_cancel: {
          retention: { type: 'coupon_offer', coupon_offer: { coupon: 'STAY25' } },
        },
      },
    });
    expect(await follow(browser)).not.toHaveProperty('flow_data');
  });

  it('that is gone keeps nobody from cancelling', async () => {
    await worldWith([{ ...cancelling, coupon: 'GONE' }]);
    const { browser, subscription } = await subscriber();
    const session = await follow(browser, flow);
    expect(session).toMatchObject({
      flow_data: { subscription_cancel: { subscription: subscription.id } },
    });
    expect(session).not.toHaveProperty('flow_data.subscription_cancel.retention');
  });
});
