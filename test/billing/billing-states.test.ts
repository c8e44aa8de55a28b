import { beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from '../stripe/objects.ts';
import { knowPortal } from '../known-portal.ts';
import { createWorld, type Person, type World } from '../world.ts';

const soon = Math.floor(Date.UTC(2030, 4, 17) / 1000);

function paused(type: string): Partial<Subscription> {
  const details = { subscription: { type }, transitioned_at: 1, type: 'subscription' };
  return { status: 'paused', status_details: { paused: details } };
}

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  knowPortal(world);
  ada = await world.somebody();
});

const page = async () => (await world.visit('/billing', { headers: ada.browser })).text();

async function subscribedAs(changes: Partial<Subscription>): Promise<string> {
  const { id } = await world.subscribe(ada.customer);
  return change(id, changes);
}

async function change(id: string, changes: Partial<Subscription>): Promise<string> {
  world.stripe.state.changeSubscription(id, changes);
  await world.sync(ada.customer);
  return page();
}

describe('a subscription on the page', () => {
  it.each<[string, Partial<Subscription>, string[], string[]]>([
    [
      'active',
      {},
      ['Active', 'Renews on', 'Change plan', '>Cancel<'],
      ['Resume', 'Update payment method'],
    ],
    [
      'on trial',
      { status: 'trialing', trial_end: soon },
      ['Trial until May 17, 2030', 'Change plan'],
      ['Renews on'],
    ],
    [
      'past due',
      { status: 'past_due' },
      ['Payment overdue', 'didn’t go through', 'See invoices', 'Update payment method', '>Cancel<'],
      ['Renews on', 'Change plan'],
    ],
    [
      'past due and cancelled',
      { status: 'past_due', cancel_at: soon },
      ['Payment overdue', 'Update payment method', 'Cancels May 17, 2030'],
      ['Renews on', '>Cancel<'],
    ],
    [
      'past due by an invoice that was sent',
      { status: 'past_due', collection_method: 'send_invoice', days_until_due: 14 },
      ['Invoice overdue', 'You have an overdue invoice.', 'See invoices'],
      ['Renews on', 'Update payment method', 'didn’t go through'],
    ],
    [
      'unpaid',
      { status: 'unpaid' },
      ['>Unpaid<', 'There’s no invoice to pay right now', 'See invoices', 'Update payment method'],
      ['Renews on'],
    ],
    [
      'incomplete',
      { status: 'incomplete' },
      ['Not started', 'when you pay the first invoice', 'See invoices'],
      ['Renews on', 'Update payment method'],
    ],
    [
      'paused by the operator until a day',
      { pause_collection: { behavior: 'void', resumes_at: soon } },
      ['Paused until May 17, 2030'],
      ['Renews on', 'Resume'],
    ],
    [
      'paused by the operator openly',
      { pause_collection: { behavior: 'void', resumes_at: null } },
      ['Paused for now', 'Contact us'],
      ['until you resume it', 'Resume'],
    ],
    [
      'paused since the trial ended without a payment method',
      paused('trial_end_without_payment_method'),
      ['Paused for now'],
      ['until you resume it', 'Resume'],
    ],
    [
      'paused as the customer asked',
      paused('pause_requested'),
      ['Paused until you resume it', 'Resume'],
      ['Renews on'],
    ],
    [
      'cancelled',
      { cancel_at: soon },
      ['Cancels May 17, 2030', 'Don’t cancel'],
      ['Renews on', '>Cancel<'],
    ],
    [
      'paid by invoices, which the portal does not change',
      { collection_method: 'send_invoice', days_until_due: 14 },
      ['Active', 'Renews on', '>Cancel<'],
      ['Change plan'],
    ],
  ])('says what it is, and offers what makes sense: %s', async (_, changes, says, saysNot) => {
    const html = await subscribedAs(changes);
    expect(html).toContain('$29.00 per month');
    for (const words of says) expect(html).toContain(words);
    for (const words of saysNot) expect(html).not.toContain(words);
  });

  it('that is cancelled by its flag alone ends with the period that ends first', async () => {
    await world.subscribe(ada.customer);
    const [subscription] = world.stripe.state.subscriptionsOf(ada.customer);
    const kept = subscription!.items.data[0]!;
    const next = { ...kept, id: 'si_second', current_period_end: soon };
    const early = { ...kept, current_period_end: soon - 86_400 };
    const html = await change(subscription!.id, {
      cancel_at_period_end: true,
      items: { ...subscription!.items, data: [next, early] },
    });
    expect(html).toContain('Cancels May 16, 2030');
    expect(html).not.toMatch(/Renews on|>Cancel</);
  });
});

it('asks for the overdue invoice where invoices are sent, and for a card where one is charged', async () => {
  const charged = await world.subscribe(ada.customer);
  const [price] = charged.items.data.map((item) => item.price.id);
  const sent = await world.api.subscriptions.create({
    customer: ada.customer,
    items: [{ price: price! }],
    collection_method: 'send_invoice',
    days_until_due: 14,
  });
  for (const { id } of [charged, sent]) world.stripe.state.leaveUnpaid(id);
  await world.sync(ada.customer);
  const { data } = await world.api.invoices.list({ customer: ada.customer, status: 'open' });
  expect(new Set(data.map(({ due_date: due }) => due !== null))).toEqual(new Set([true, false]));
  const html = await page();
  for (const words of ['Payment overdue', 'Update payment method', 'Invoice overdue']) {
    expect(html.split(`>${words}<`)).toHaveLength(2);
  }
  expect(html.split('>Pay now<')).toHaveLength(3);
});

describe('a subscription with a schedule', () => {
  /** A schedule with a second phase of this length, for a subscription of a month. */
  async function scheduled(end: 'cancel' | 'release', phases = 2) {
    const { id, items: present } = await world.subscribe(ada.customer);
    const schedule = await world.api.subscriptionSchedules.create({ from_subscription: id });
    const [phase] = schedule.phases;
    const items = [{ price: present.data[0]!.price.id, quantity: 1 }];
    const all = [
      { items, start_date: phase!.start_date, end_date: soon - 86_400 },
      { items, start_date: soon - 86_400, end_date: soon },
    ];
    await world.api.subscriptionSchedules.update(schedule.id, {
      end_behavior: end,
      phases: all.slice(0, phases),
    });
    await world.sync(ada.customer);
    return page();
  }

  it('that ends it is cancelled, and the customer cannot take that back', async () => {
    const html = await scheduled('cancel');
    expect(html).toContain('Cancels May 17, 2030');
    expect(html).not.toMatch(/Renews on|Don’t cancel/);
  });

  it('that changes it says when', async () => {
    expect(await scheduled('release')).toContain('Changes on May 16, 2030');
  });

  it('that only follows it renews', async () => {
    expect(await scheduled('release', 1)).toContain('Renews on');
  });

  it('that the key may not read promises no renewal', async () => {
    world.stripe.faults.order({
      path: '/v1/subscriptions',
      method: 'GET',
      status: 403,
      body: { error: { type: 'invalid_request_error', message: 'x' } },
    });
    const html = await scheduled('cancel');
    expect(html).toContain('This period ends on');
    expect(html).not.toContain('Renews on');
  });

  it('costs one call for all of the customer’s subscriptions', async () => {
    await scheduled('release');
    const calls = () => world.callsTo('/v1/subscriptions').filter(({ method }) => method === 'GET');
    expect(calls()).toHaveLength(1);
    const ben = await world.somebody();
    await world.subscribe(ben.customer);
    await world.sync(ben.customer);
    expect(calls()).toHaveLength(1);
  });
});

describe('without a subscription', () => {
  it('Manage is left, since the invoices are still there', async () => {
    const html = await page();
    expect(html).toContain('You don’t have a subscription right now');
    expect(html).toContain('Manage subscription');
  });
});

describe('the page', () => {
  it('says so when Stripe may have something newer', async () => {
    expect(await page()).not.toContain('a few minutes old');
    await world.stores.syncs.takeTickets([ada.customer], false, new Date());
    expect(await page()).toContain('a few minutes old');
  });

  it('reads from the primary, since a replica may be older than it can say', async () => {
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    world.lag();
    expect(await page()).toContain('Renews on');
    expect(new Set(world.sessions)).toEqual(new Set(['first-primary']));
  });

  it('is small, and asks for nothing else', async () => {
    for (let count = 0; count < 5; count += 1) await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const html = await page();
    expect(new TextEncoder().encode(html).length).toBeLessThan(20_000);
    expect(html).not.toMatch(/<script|<img|src=|@import|url\(/);
  });

  it('takes the brand’s colour, and ink that can be read on it', async () => {
    const brands = [
      { color: '#ffe600', ink: '#000' },
      { color: '#101010', ink: '#fff' },
    ];
    for (const { color, ink } of brands) {
      world.configure({ BRAND_COLOR: color });
      expect(await page()).toContain(`--brand: ${color};\n  --on-brand: ${ink};`);
    }
  });
});
