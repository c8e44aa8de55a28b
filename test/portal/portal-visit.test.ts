import { beforeEach, describe, expect, it, vi } from 'vitest';
import { skipTries, stopClock, until } from '../clock.ts';
import { createWorld, type World } from '../world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

describe('coming back from the portal', () => {
  /** Goes to the portal, and says what the browser keeps of it. */
  async function goToPortal(query = '') {
    const person = await world.somebody();
    const subscription = await world.subscribe(person.customer);
    await world.sync(person.customer);
    const { headers } = await world.visit(`/billing/manage${query}`, { headers: person.browser });
    const [kept = ''] = (headers.get('set-cookie') ?? '').split(';');
    const browser = { ...person.browser, cookie: `${person.browser.cookie}; ${kept}` };
    return { ...person, subscription, kept, setCookie: headers.get('set-cookie') ?? '', browser };
  }

  it('shows what was just changed, although no webhook has come', async () => {
    const { browser, subscription } = await goToPortal();
    await world.api.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    const page = await (await world.visit('/billing', { headers: browser })).text();
    expect(page).toContain('Cancels ');
    expect(page).toContain('Pro is canceled');
  });

  it('is noticed once', async () => {
    const { browser, setCookie } = await goToPortal();
    expect(setCookie).toMatch(/^__Host-portal=.*HttpOnly; Secure; SameSite=Lax$/);
    const first = await world.visit('/billing', { headers: browser });
    expect(first.headers.get('set-cookie')).toMatch(/^__Host-portal=; Max-Age=0/);
    const calls = world.stripe.requests.length;
    await world.visit('/billing', {
      headers: { ...browser, cookie: browser.cookie.split(';')[0]! },
    });
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('is not used up by a prefetch or a HEAD', async () => {
    const { browser } = await goToPortal();
    const prefetch = { ...browser, 'sec-purpose': 'prefetch' };
    for (const init of [{ headers: prefetch }, { headers: browser, method: 'HEAD' }]) {
      const response = await world.visit('/billing', init);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  it('syncs nobody else’s customer, whatever the cookie says', async () => {
    const { browser } = await world.somebody();
    const other = await world.somebody();
    const calls = world.stripe.requests.length;
    const forged = JSON.stringify({
      customer: other.customer,
      flowUnavailable: false,
      before: [],
    });
    const cookie = `${browser.cookie}; __Host-portal=${encodeURIComponent(forged)}`;
    await world.visit('/billing', { headers: { ...browser, cookie } });
    expect(world.stripe.requests).toHaveLength(calls);
  });

  it('waits a second and a half at most, and then shows what D1 has', async () => {
    const { browser, customer, subscription } = await goToPortal();
    await world.api.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    const answer = world.holdStripe(`/v1/customers/${customer}`);
    const clock = stopClock();
    let isAnswered = false;
    const visit = world.visit('/billing', { headers: browser }, () => (isAnswered = true));
    await clock.pass(1_499);
    expect(isAnswered).toBe(false);
    await clock.pass(1);
    await until(() => isAnswered);
    answer();
    expect(await (await visit).text()).toContain('Renews on');
    // The sync goes on after the answer, and ends.
    expect(await world.stores.customers.subscriptionsOf(customer)).toMatchObject([
      { cancelAt: expect.any(Number) },
    ]);
  });

  it('shows what D1 has when Stripe fails', async () => {
    const { browser, customer } = await goToPortal();
    skipTries();
    world.stripe.faults.order({ path: `/v1/customers/${customer}`, status: 429, times: 4 });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await world.visit('/billing', { headers: browser });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Renews on');
  });

  it('tells what changed once it is known, when Stripe failed at first', async () => {
    const { browser, customer, subscription } = await goToPortal();
    await world.api.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    skipTries();
    world.stripe.faults.order({ path: `/v1/customers/${customer}`, status: 429, times: 4 });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const first = await world.visit('/billing', { headers: browser });
    expect(await first.text()).not.toContain('is canceled');
    expect(first.headers.get('set-cookie')).toBeNull();
    const second = await world.visit('/billing', { headers: browser });
    expect(await second.text()).toContain('Pro is canceled');
    expect(second.headers.get('set-cookie')).toMatch(/^__Host-portal=; Max-Age=0/);
  });

  it('says that a step was not possible, although Stripe fails', async () => {
    const { browser, customer } = await goToPortal('?flow=subscription_update_confirm');
    skipTries();
    world.stripe.faults.order({ path: `/v1/customers/${customer}`, status: 429, times: 4 });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const response = await world.visit('/billing', { headers: browser });
    const page = await response.text();
    expect(page).toContain('That wasn’t possible just now');
    expect(page).toContain('This may be a few minutes old.');
  });

  it('is forgotten when somebody else signs in', async () => {
    const { kept } = await goToPortal();
    const other = await world.somebody();
    const headers = { ...other.browser, cookie: `${other.browser.cookie}; ${kept}` };
    const response = await world.visit('/billing', { headers });
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-portal=; Max-Age=0/);
    expect(await response.text()).not.toContain('class="notice"');
  });
});
