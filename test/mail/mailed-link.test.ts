import { beforeEach, describe, expect, it } from 'vitest';
import {
  ada,
  address,
  CANCEL,
  mailedLink,
  sessionMade,
  useMailedGoals,
  world,
} from './mailed-goals.ts';
import { lastOpened, PRESSED, sessionCookie } from '../signed-links.ts';

useMailedGoals();

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
    const token = await mailedLink(`/billing/manage?${CANCEL}`, `${subject}.1@example.com`);
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
