import { describe, expect, it } from 'vitest';
import {
  ada,
  address,
  CANCEL,
  goalOn,
  lastToken,
  mailedLink,
  sessionMade,
  useMailedGoals,
  visit,
  world,
} from './mailed-goals.ts';
import { createOwing } from '../owing.ts';
import { lastOpened, PRESSED, sessionCookie, signLink } from '../signed-links.ts';
import { SIGNED_OUT } from '../world.ts';

useMailedGoals();

describe('who came for something and signs in by e-mail', () => {
  it('arrives at that step of the portal, for that subscription', async () => {
    const [first] = [await world.subscribe(ada.customer), await world.subscribe(ada.customer)];
    await world.sync(ada.customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}&subscription=${first.id}`);
    expect(await (await world.look(token)).text()).toContain('>Cancel subscription<');
    expect((await world.press(token)).status).toBe(303);
    expect(sessionMade()).toMatchObject({
      flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: first.id } },
    });
  });

  it('is asked which of several subscriptions, as signed-in people are', async () => {
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const pressed = await world.press(token);
    expect(pressed.headers.get('location')).toMatch(`/billing?${CANCEL}`);
  });

  it('reads about cookies where the browser keeps none, and does not go round in circles', async () => {
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const pressed = await world.press(token);
    const arrived = await visit(pressed.headers.get('location')!);
    expect(arrived.status).toBe(401);
    expect(arrived.headers.get('x-error-code')).toBe('session_cookie_missing');
    const html = await arrived.text();
    expect(html).toContain('allow cookies for this site');
    const to = encodeURIComponent(`/billing/manage?${CANCEL}`);
    expect(html).toContain(`href="/billing/sign-in?to=${to}"`);
    // With the cookie, the same address asks which one.
    const headers = { ...SIGNED_OUT, cookie: sessionCookie(pressed)! };
    const asks = await world.visit(pressed.headers.get('location')!, { headers });
    expect(await asks.text()).toContain('Which subscription do you want to cancel?');
  });

  it('arrives at the invoice, and is signed in', async () => {
    const { invoice } = await createOwing(world).overdue(ada.customer);
    const token = await mailedLink('/billing/manage?flow=pay');
    expect(await (await world.look(token)).text()).toContain('>Pay now<');
    const pressed = await world.press(token);
    expect(pressed.headers.get('location')).toBe(invoice.hosted_invoice_url);
    expect(pressed.headers.getSetCookie().join()).toContain('__Host-billing=');
  });

  it('hears on /billing that nothing is due', async () => {
    const token = await mailedLink('/billing/manage?flow=pay');
    expect((await world.press(token)).headers.get('location')).toMatch('/billing?flow=pay');
  });

  it('comes back to where they wanted', async () => {
    const token = await mailedLink('/billing/manage?return_to=%2Faccount');
    await world.press(token);
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/account');
  });

  it('finds the way from /billing, from a fault, and after changing the address', async () => {
    const to = encodeURIComponent(`/billing/manage?${CANCEL}`);
    const link = `href="/billing/sign-in?to=${to}"`;
    expect(await (await visit(`/billing?${CANCEL}`)).text()).toContain(link);
    const fault = await visit(`/billing/manage?${CANCEL}&signed_in=1`);
    expect(fault.status).toBe(401);
    expect(await fault.text()).toContain(link);
    const asked = await world.ask({ address, to: `/billing/manage?${CANCEL}` });
    expect(await (await visit(asked.headers.get('location')!)).text()).toContain(link);
  });

  it('keeps it when the link has expired and a new one is mailed', async () => {
    const token = await signLink({
      purpose: 'billing-sign-in',
      customer: ada.customer,
      intent: { flow: 'payment_method_update' },
      iat: Math.floor(Date.now() / 1000) - 7200,
      exp: Math.floor(Date.now() / 1000) - 3600,
    });
    const asked = await world.ask({ token });
    await world.press(lastToken());
    expect(sessionMade()).toMatchObject({ flow_data: { type: 'payment_method_update' } });
    // Who changes the address then, keeps it as well.
    const to = encodeURIComponent('/billing/manage?flow=payment_method_update');
    const mailed = await (await visit(asked.headers.get('location')!)).text();
    expect(mailed).toContain(`href="/billing/sign-in?to=${to}"`);
  });

  it('stays signed in as somebody else in the portal, where they can pay', async () => {
    await createOwing(world).overdue(ada.customer);
    const token = await mailedLink('/billing/manage?flow=pay');
    const other = await world.somebody();
    const headers = { ...PRESSED, cookie: other.browser.cookie };
    expect(await (await world.look(token, headers)).text()).not.toContain('>Pay now<');
    await world.press(token, headers, { open: 'instead' });
    expect(lastOpened(world)).toBe(ada.customer);
  });
});

describe('what an address or a form says that the visitor came for', () => {
  it.each([
    'https://evil.example/billing/manage?flow=pay',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/billing/authorize?to=x',
    '/billing/manage',
    '/billing/manage?locale=de',
    `/billing/manage?return_to=${'x'.repeat(2000)}`,
  ])('leads nowhere else: %s', async (to) => {
    const goal = await goalOn(`/billing/sign-in?to=${encodeURIComponent(to)}`);
    expect(goal === undefined || goal === '/billing/manage?flow=pay').toBe(true);
    const asked = await world.ask({ address, to });
    expect(asked.headers.get('location')).toMatch(
      /^\/billing\/sign-in\?sent=[^&]*(&to=%2Fbilling%2Fmanage%3Fflow%3Dpay)?$/,
    );
    const pressed = await world.press(lastToken());
    expect(pressed.status).toBe(303);
    const leadsTo = pressed.headers.get('location');
    // Nothing is due, and the page says so. Without a goal, the portal opens.
    if (goal !== undefined) return expect(leadsTo).toBe('/billing?flow=pay&signed_in=link');
    expect(new URL(leadsTo!).pathname).toMatch(/^\/p\/session\//);
    expect(lastOpened(world)).toBe(ada.customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/billing');
  });

  it.each([
    'customer=cus_gone',
    'subscription=sub_gone',
    `${CANCEL}&subscription=sub_gone`,
    `${CANCEL}&customer=cus_gone`,
    'flow=pay&customer=cus_gone',
    'customer=OTHERS',
  ])('opens nothing of others, and signs its owner in: %s', async (query) => {
    const other = await world.somebody();
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    await world.ask({ address, to: `/billing/manage?${query.replace('OTHERS', other.customer)}` });
    const pressed = await world.press(lastToken());
    expect(pressed.status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
    const headers = { ...SIGNED_OUT, cookie: sessionCookie(pressed)! };
    const page = await world.visit('/billing', { headers });
    expect(await page.text()).toContain(`Account 1 of ${ada.subject}`);
  });

  it('refuses a form that chooses a customer of others', async () => {
    const other = await world.somebody();
    await world.ask({ address });
    const pressed = await world.press(lastToken(), PRESSED, { customer: other.customer });
    expect(pressed.headers.get('x-error-code')).toBe('customer_not_yours');
  });

  it('keeps the flow of what is too long to carry', async () => {
    const back = `return_to=%2F${'x'.repeat(2000)}`;
    const goal = await goalOn(
      `/billing/sign-in?to=${encodeURIComponent(`/billing/manage?${CANCEL}&${back}`)}`,
    );
    expect(goal).toBe(`/billing/manage?${CANCEL}`);
  });

  it('makes no link that mail programs would cut', async () => {
    const longest = `/billing/manage?return_to=%2F${'x'.repeat(970)}`;
    const asked = await world.ask({ address, to: longest });
    expect(asked.headers.get('location')).toContain(encodeURIComponent(longest));
    const [link = ''] = /https:\S+token=\S+/.exec(world.mailbox.mails.at(-1)!.text) ?? [];
    expect(link.length).toBeLessThan(2_000);
    const longer = await world.ask({ address, to: `${longest}${'x'.repeat(30)}` });
    expect(longer.headers.get('location')).not.toContain('&to=');
  });

  it('has the first of repeated parameters, as the link itself takes', async () => {
    const to = encodeURIComponent('/billing/manage?flow=pay&flow=subscription_cancel');
    expect(await goalOn(`/billing/sign-in?to=${to}`)).toBe('/billing/manage?flow=pay');
  });

  it('sends nobody back to other sites', async () => {
    await world.ask({ address, to: '/billing/manage?return_to=https%3A%2F%2Fevil.example' });
    await world.press(lastToken());
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/billing');
  });

  it('counts in links of ours only: a back end’s has a flow of its own', async () => {
    const intent = { flow: 'subscription_cancel', customer: 'cus_x' };
    await world.press(await signLink({ sub: ada.subject, intent }));
    expect(sessionMade()).not.toHaveProperty('flow_data');
  });
});
