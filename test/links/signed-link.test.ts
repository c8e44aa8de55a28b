import { describe, expect, it, vi } from 'vitest';
import { createLimiter } from '../limiter.ts';
import { lastOpened, PRESSED, sessionCookie, signLink } from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT } from '../world.ts';
import { ada, token, world, useLinkForAda } from './ada.ts';

useLinkForAda();

const sessionParameters = () =>
  world.callsTo('/v1/billing_portal/sessions').map(({ parameters }) => parameters);

describe('GET of a signed link', () => {
  it('says whose account it opens, masked, and offers one button; nothing is opened', async () => {
    const response = await world.look(token);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('u•••1@example.com');
    expect(page).not.toContain(`${ada.subject}.1@example.com`);
    expect(page).toContain('Example Shop');
    expect(page.match(/<form method="post"/g)).toHaveLength(1);
    expect(page).toContain('Manage subscription');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('strict-origin');
    expect(world.stripe.requests.filter(({ path }) => path.includes('portal'))).toEqual([]);
    expect(sessionCookie(response)).toBeUndefined();
  });

  it('shows the address that the link names, and what it opens', async () => {
    const claims = { sub: ada.subject, email: 'lovelace@example.org' };
    const page = await (
      await world.look(await signLink({ ...claims, flow: 'payment_method_update' }))
    ).text();
    expect(page).toContain('l•••e@example.org');
    expect(page).toContain('Update payment method');
  });

  it('makes no session by looking ten times, by HEAD, by prefetching or by fetch()', async () => {
    for (let times = 0; times < 10; times += 1) {
      await world.look(token);
      await world.visit(`/billing/manage?token=${token}`, { method: 'HEAD' });
    }
    await world.look(token, { ...SIGNED_OUT, 'sec-purpose': 'prefetch' });
    await world.look(token, { ...SIGNED_OUT, 'sec-fetch-dest': 'empty' });
    expect(world.sessionsMade()).toBe(0);
    expect((await world.press(token)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it('that leads to a choice is logged so', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const ofTwo = await signLink({ customer: customers });
    for (let count = 0; count < 2; count += 1) await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const ofOne = await signLink({ sub: ada.subject, flow: 'subscription_cancel' });
    const log = vi.spyOn(console, 'info');
    const statuses = [(await world.press(ofTwo)).status, (await world.press(ofOne)).status];
    const outcomes = log.mock.calls.map(([line]) => JSON.parse(String(line)).outcome);
    log.mockRestore();
    expect([statuses, outcomes]).toEqual([
      [200, 303],
      ['choice', 'choice'],
    ]);
  });

  it('offers a choice where the link is for several customers', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const several = await signLink({ customer: customers });
    const page = await (await world.look(several)).text();
    expect(page.match(/<form method="post"/g)).toHaveLength(2);
    const response = await world.press(several, PRESSED, { customer: customers[1]! });
    expect(response.status).toBe(303);
    expect(lastOpened(world)).toBe(customers[1]);
  });

  it('offers each customer, as D1 can be late with what is possible for one', async () => {
    const { subject, customers } = await world.somebody({ customers: 2 });
    for (const each of customers) await world.subscribe(each);
    // The webhook of the second is late.
    await world.sync(customers[0]!);
    const link = await signLink({ sub: subject, flow: 'subscription_cancel' });
    const page = await (await world.look(link)).text();
    for (const each of customers) expect(page).toContain(`name="customer" value="${each}"`);
    expect((await world.press(link, PRESSED, { customer: customers[1]! })).status).toBe(303);
    expect(lastOpened(world)).toBe(customers[1]);
  });

  it('that was mailed leaves out who cannot take its step, where D1 is sure of that', async () => {
    const { customers } = await world.somebody({ customers: 3 });
    const [first, second, third] = customers as [string, string, string];
    for (const each of [first, second]) await world.subscribe(each);
    for (const each of customers) await world.sync(each);
    const mailed = async (customer: string[]) =>
      signLink({ purpose: 'billing-sign-in', customer, intent: { flow: 'subscription_pause' } });
    const link = await mailed(customers);
    const offered = async () =>
      [...(await (await world.look(link)).text()).matchAll(/name="customer" value="([^"]*)"/g)].map(
        ([, id]) => id,
      );
    expect(new Set(await offered())).toEqual(new Set([first, second]));
    const set = async (change: string) =>
      world.database.prepare(`update customers set ${change} where id = ?`).bind(third).run();
    await set('synced_ticket = 0, sync_ticket = 0');
    expect(await offered()).toHaveLength(3);
    await set('synced_ticket = 1, sync_ticket = 2');
    expect(await offered()).toHaveLength(3);
    // Where it is possible for none, the portal's home is, for each.
    const nothing = await world.somebody({ customers: 2 });
    const page = await (await world.look(await mailed(nothing.customers))).text();
    expect(page).toContain('<h1>Choose a billing account</h1>');
    expect(page.match(/name="customer"/g)).toHaveLength(2);
  });
});

describe('the button of a signed link', () => {
  it('opens the portal, again and again', async () => {
    for (let times = 0; times < 2; times += 1) {
      const response = await world.press(token);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toMatch(/^https:\/\/billing\.stripe\.com/);
    }
    expect(sessionParameters()).toMatchObject([
      { customer: ada.customer, return_url: `${ORIGIN}/billing` },
      { customer: ada.customer },
    ]);
  });

  it('opens the flow and goes back where the link says, and not where a form does', async () => {
    const link = await signLink({
      customer: ada.customer,
      flow: 'payment_method_update',
      return_to: '/after',
    });
    await world.press(link, PRESSED, { flow: 'customer_update', return_to: '/elsewhere' });
    expect(sessionParameters()).toMatchObject([
      { return_url: `${ORIGIN}/after`, flow_data: { type: 'payment_method_update' } },
    ]);
  });

  it('hands on the language of its address', async () => {
    const init = {
      method: 'POST',
      headers: PRESSED,
      body: new URLSearchParams({ token, open: 'link' }),
    };
    await world.visit('/billing/manage?locale=de', init);
    expect(sessionParameters()).toMatchObject([{ locale: 'de' }]);
  });

  it('opens the portal’s home when the visitor stays somebody else and several fit', async () => {
    const eve = await world.somebody();
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const link = await signLink({ sub: ada.subject, flow: 'subscription_cancel' });
    const headers = { ...PRESSED, cookie: eve.browser.cookie };
    expect((await world.press(link, headers, { open: 'instead' })).status).toBe(303);
    expect(sessionParameters()).toMatchObject([{ customer: ada.customer }]);
    expect(sessionParameters()[0]).not.toHaveProperty('flow_data');
  });

  it('goes back to us where the link names a foreign address', async () => {
    await world.press(await signLink({ sub: ada.subject, return_to: 'https://evil.example/' }));
    expect(sessionParameters()).toMatchObject([{ return_url: `${ORIGIN}/billing` }]);
  });

  it('opens a customer that only Stripe knows yet', async () => {
    const { id } = await world.api.customers.create({ email: 'new@example.com' });
    expect((await world.press(await signLink({ customer: id }))).status).toBe(303);
    expect(lastOpened(world)).toBe(id);
  });

  it('tells that a purchase comes first where there is no such customer', async () => {
    const response = await world.press(await signLink({ customer: 'cus_nobody' }));
    expect(response.status).toBe(404);
    expect(world.sessionsMade()).toBe(0);
  });

  it('opens only customers that the link is for', async () => {
    const other = await world.somebody();
    const response = await world.press(token, PRESSED, { customer: other.customer });
    expect(response.status).toBe(404);
    expect(world.sessionsMade()).toBe(0);
  });

  it('asks which of several customers, on the same page', async () => {
    const agency = await world.somebody({ customers: 2 });
    const response = await world.press(await signLink({ sub: agency.subject }));
    expect(response.status).toBe(200);
    expect((await response.text()).match(/<form method="post"/g)).toHaveLength(2);
    expect(world.sessionsMade()).toBe(0);
  });

  it('asks which subscription on the billing page, where the visitor is then recognised', async () => {
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const response = await world.press(
      await signLink({ sub: ada.subject, flow: 'subscription_cancel' }),
    );
    expect(response.headers.get('location')).toBe(
      '/billing?flow=subscription_cancel&signed_in=link',
    );
    expect(sessionCookie(response)).toBeDefined();
  });

  it.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])(
    'is not pressed on another site’s page: %j',
    async (headers) => {
      const response = await world.press(token, { ...PRESSED, ...headers });
      expect(response.status).toBe(403);
      expect(world.sessionsMade()).toBe(0);
    },
  );
});

describe('twenty presses of one link at once', () => {
  const pressAll = async (link: string) =>
    Promise.all(Array.from({ length: 20 }, async () => world.press(link)));

  it('each open a session of the same customer', async () => {
    const responses = await pressAll(token);
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 303));
    const urls = responses.map(({ headers }) => headers.get('location'));
    expect(new Set(urls).size).toBe(20);
    const cookies = responses.map(sessionCookie);
    expect(cookies.every(Boolean)).toBe(true);
    expect(new Set(sessionParameters().map(({ customer }) => customer))).toEqual(
      new Set([ada.customer]),
    );
  });

  it('read a customer that D1 does not know once', async () => {
    const { id } = await world.api.customers.create({ email: 'new@example.com' });
    const responses = await pressAll(await signLink({ customer: id }));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 303));
    expect(world.callsTo(`/v1/customers/${id}`)).toHaveLength(1);
  });

  it('and one more are too many for a minute', async () => {
    world.configure({ SESSION_LIMIT: createLimiter('SESSION_LIMIT') });
    const responses = [...(await pressAll(token)), await world.press(token)];
    expect(responses.map(({ status }) => status).filter((status) => status !== 303)).toEqual([429]);
    expect(world.sessionsMade()).toBe(20);
  });

  it('open nothing once it is revoked', async () => {
    await world.links.revoke({ subject: ada.subject });
    const responses = await pressAll(token);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([403]));
    expect(world.sessionsMade()).toBe(0);
  });
});

describe('a site without accounts of its own', () => {
  it('needs no keys for tokens: links work, tokens do not, and mails sign people in', async () => {
    world.configure({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '', SIGN_IN_URL: '' });
    const response = await world.press(token, { ...PRESSED, cookie: ada.browser.cookie });
    expect(response.status).toBe(303);
    const cookie = sessionCookie(response)!;
    expect((await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } })).status).toBe(
      200,
    );
    expect(await world.openedBy(ada.bearer)).toBeUndefined();
    const link = await world.visit('/billing/manage', { headers: ada.browser });
    expect(link.headers.get('location')).toBe('/billing/sign-in');
  });
});
