import { beforeEach, describe, expect, it } from 'vitest';
import type { Subscription } from './stripe/objects.ts';
import { createWorld, type Person, type World } from './world.ts';

const soon = Math.floor(Date.UTC(2030, 4, 17) / 1000);

let world: World;
let ada: Person;

beforeEach(async () => {
  world = await createWorld();
  ada = await world.somebody();
});

const page = async () => (await world.visit('/billing', { headers: ada.browser })).text();

async function subscribedAs(changes: Partial<Subscription>): Promise<string> {
  const { id } = await world.subscribe(ada.customer);
  world.stripe.state.changeSubscription(id, changes);
  await world.sync(ada.customer);
  return page();
}

describe('a subscription on the page', () => {
  it.each<[string, Partial<Subscription>, string[], string[]]>([
    ['active', {}, ['Active', 'Renews on', 'Change plan', '>Cancel<'], ['Resume', 'Update card']],
    [
      'on trial',
      { status: 'trialing', trial_end: soon },
      ['Trial until May 17, 2030', 'Change plan'],
      ['Renews on'],
    ],
    [
      'past due',
      { status: 'past_due' },
      ['Payment overdue', 'did not go through', 'Update card'],
      ['Renews on', 'Change plan'],
    ],
    ['unpaid', { status: 'unpaid' }, ['Payment overdue', 'Update card'], ['Renews on']],
    [
      'paused until a day',
      { pause_collection: { behavior: 'void', resumes_at: soon } },
      ['Paused until May 17, 2030', 'Resume'],
      ['Renews on'],
    ],
    [
      'paused openly',
      { pause_collection: { behavior: 'void', resumes_at: null } },
      ['Paused until you resume it'],
      [],
    ],
    [
      'cancelled',
      { cancel_at: soon },
      ['Ends on May 17, 2030', 'Resume'],
      ['Renews on', '>Cancel<'],
    ],
    ['incomplete', { status: 'incomplete' }, ['Incomplete', 'first payment', 'Update card'], []],
  ])('says what it is, and offers what makes sense: %s', async (_, changes, says, saysNot) => {
    const html = await subscribedAs(changes);
    expect(html).toContain('$29.00 per month');
    for (const words of says) expect(html).toContain(words);
    for (const words of saysNot) expect(html).not.toContain(words);
  });

  it('says how many there are of it', async () => {
    const { id, items } = await world.subscribe(ada.customer);
    await world.api.subscriptions.update(id, { items: [{ id: items.data[0]!.id, quantity: 3 }] });
    await world.sync(ada.customer);
    expect(await page()).toContain('3 × $29.00 per month');
  });

  it('that there is none of leaves Manage, since the invoices are still there', async () => {
    const html = await page();
    expect(html).toContain('No current subscription');
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
