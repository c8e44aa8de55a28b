import { describe, expect, it } from 'vitest';
import { ALL, createPortalWorld, lastSession, subscriberIn, type Wanted } from './portal-world.ts';
import { createWorld, type World } from '../world.ts';

let world: World;

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

const subscriber = async () => subscriberIn(world);

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
