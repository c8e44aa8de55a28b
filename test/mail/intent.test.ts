import { beforeEach, describe, expect, it } from 'vitest';
import { createEmailWorld, tokenIn } from './email-world.ts';
import { createOwing } from '../owing.ts';
import { lastOpened, PRESSED, sessionCookie, signLink, type LinkWorld } from '../signed-links.ts';
import { SIGNED_OUT, type Person } from '../world.ts';

const CANCEL = 'flow=subscription_cancel';

let world: LinkWorld;
let ada: Person;
let address: string;

beforeEach(async () => {
  ({ world, ada, address } = await createEmailWorld());
  // Nobody signs in but by e-mail.
  world.configure({ SIGN_IN_URL: '' });
});

const visit = async (path: string) => world.visit(path, { headers: SIGNED_OUT });

/** The field of the page's form that says what the visitor came for. */
const goalOn = async (path: string) => {
  const html = await (await visit(path)).text();
  const [form = ''] = /<form method="post".*?<\/form>/s.exec(html) ?? [];
  return /name="to" value="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&');
};

/** Comes to an address, and signs in by e-mail in another browser. */
async function mailedLink(path: string): Promise<string> {
  const signIn = (await visit(path)).headers.get('location') ?? '';
  const to = await goalOn(signIn);
  await world.ask({ address, ...(to !== undefined && { to }) });
  return lastToken();
}

const lastToken = () => tokenIn(world.mailbox.mails.at(-1)!.text);
const sessionMade = () => world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters;

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

describe('the page of a mail’s link, whose goal others may have chosen,', () => {
  const HOME = 'Manage subscription';
  const buttonsOf = (html: string) => {
    const [main = ''] = /<main>.*<\/main>/s.exec(html) ?? [];
    const buttons = main.matchAll(/<(?:button|a) .*?>(.*?)<\/(?:button|a)>/gs);
    return [...buttons].map(([, label = '']) => label.replaceAll('<wbr/>', ''));
  };
  const titleOf = (html: string) => /<h1>(.*?)<\/h1>/.exec(html)?.[1];
  const home = { home: 'yes' };

  /** Another customer with the same address. */
  async function shareAddress(): Promise<string> {
    const { id, created } = await world.api.customers.create({ email: address, name: 'Second' });
    const { subject } = ada;
    await world.keep({ id, subject, name: 'Second', email: address, createdAt: created });
    return id;
  }

  beforeEach(async () => {
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
  });

  it('has a second button for who only wants to sign in', async () => {
    const token = await mailedLink(`/billing/manage?${CANCEL}&return_to=%2Faccount`);
    const html = await (await world.look(token)).text();
    expect(buttonsOf(html)).toEqual(['Cancel subscription', HOME]);
    expect(html).toContain('<input type="hidden" name="home" value="yes"/>');
    const pressed = await world.press(token, PRESSED, home);
    expect(pressed.status).toBe(303);
    expect(sessionMade()).not.toHaveProperty('flow_data');
    expect(sessionMade()?.['return_url']).toBe('https://shop.example/account');
    expect(sessionCookie(pressed)).toBeDefined();
  });

  it('has one button where there is nothing to cancel', async () => {
    const { subject, customer } = await world.somebody();
    address = `${subject}.1@example.com`;
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    expect(buttonsOf(await (await world.look(token)).text())).toEqual([HOME]);
    await world.press(token);
    expect(lastOpened(world)).toBe(customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
  });

  it('asks the question of the goal where it is for several customers', async () => {
    const customer = await shareAddress();
    await world.subscribe(customer);
    await world.sync(customer);
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const asked = await (await world.look(token)).text();
    // Of the accounts that it offers, not yet of their subscriptions.
    expect(titleOf(asked)).toBe('Which account’s subscription do you want to cancel?');
    expect(buttonsOf(asked)).toEqual(['Choose', 'Choose', HOME]);
    const plain = await (await world.press(token, PRESSED, home)).text();
    expect(titleOf(plain)).toBe('Choose a billing account');
    expect(buttonsOf(plain)).toEqual(['Choose', 'Choose']);
    expect(plain.split('name="home" value="yes"')).toHaveLength(3);
    await world.press(token, PRESSED, { ...home, customer });
    expect(lastOpened(world)).toBe(customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
  });

  it('offers no account that has nothing to cancel', async () => {
    await shareAddress();
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const html = await (await world.look(token)).text();
    expect(titleOf(html)).toBe('Billing');
    expect(buttonsOf(html)).toEqual(['Cancel subscription', HOME]);
    // It says which account that is, as there are others.
    expect(html).toContain(`<bdi>Account 1 of ${ada.subject}</bdi>`);
    const [form = ''] = /<form method="post".*?<\/form>/s.exec(html) ?? [];
    const [, customer = ''] = /name="customer" value="([^"]*)"/.exec(form) ?? [];
    expect((await world.press(token, PRESSED, { customer })).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
    expect(sessionMade()).toMatchObject({ flow_data: { type: 'subscription_cancel' } });
    // The home is that of either.
    const plain = await (await world.press(token, PRESSED, home)).text();
    expect(buttonsOf(plain)).toEqual(['Choose', 'Choose']);
  });

  it('says it to somebody else who is signed in, too', async () => {
    const other = await world.somebody();
    const headers = { ...PRESSED, cookie: other.browser.cookie };
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const [stay, goal, plain] = buttonsOf(await (await world.look(token, headers)).text());
    expect(stay).toContain('Stay signed in');
    expect(goal).toMatch(/^Continue as .*: Cancel subscription$/);
    expect(plain).toMatch(/^Continue as [^:]*$/);
    await world.press(token, headers, { ...home, open: 'instead' });
    expect(lastOpened(world)).toBe(ada.customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
    const stale = await mailedLink(`/billing/manage?subscription=sub_gone`);
    expect((await world.press(stale, headers, { open: 'instead' })).status).toBe(303);
  });

  it('asks somebody else about several customers with the goal’s question', async () => {
    await shareAddress();
    const other = await world.somebody();
    const headers = { ...PRESSED, cookie: other.browser.cookie };
    const token = await mailedLink('/billing/manage?flow=payment_method_update');
    const html = await (await world.look(token, headers)).text();
    expect(html).toContain('<p>Which account’s card do you want to update?</p>');
  });

  it('ticks once for the button that was pressed, where the browser does not tell', async () => {
    const { 'sec-ch-ua': _hints, 'sec-fetch-user': _user, ...safari } = PRESSED;
    const token = await mailedLink(`/billing/manage?${CANCEL}`);
    const ticks = (html: string) => html.split('name="myself"').length - 1;
    expect(ticks(await (await world.look(token, safari)).text())).toBe(1);
    const asked = await (await world.press(token, safari, home)).text();
    expect(buttonsOf(asked)).toEqual([HOME]);
    expect(ticks(asked)).toBe(1);
    await world.press(token, safari, { ...home, myself: 'yes' });
    expect(lastOpened(world)).toBe(ada.customer);
    expect(sessionMade()).not.toHaveProperty('flow_data');
  });
});
