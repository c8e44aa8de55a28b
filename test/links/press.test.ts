import { describe, expect, it } from 'vitest';
import { createOwing } from '../owing.ts';
import { lastOpened, PRESSED, signLink } from '../signed-links.ts';
import { SIGNED_OUT } from '../world.ts';
import { ada, token, world, useLinkForAda } from './ada.ts';

useLinkForAda();

const TICKED = { myself: 'yes' };
const BOX = /<input type="checkbox" name="myself" value="yes" required/g;

const { 'sec-fetch-user': _user, ...scripted } = PRESSED;
const { 'sec-ch-ua': _hints, ...bare } = scripted;
const { 'sec-fetch-site': _site, 'sec-fetch-dest': _dest, ...old } = bare;
const olderOrigin = { ...old, origin: 'https://shop.example' };
const safari = { ...bare, 'user-agent': 'Version/26.0 Safari/605.1.15' };
const firefox = { ...bare, 'user-agent': 'Firefox/150.0' };

/** Browsers that do not tell a person from a script. */
const SILENT: [string, Record<string, string>][] = [
  ['Safari', safari],
  ['Firefox on iOS', { ...bare, 'user-agent': 'FxiOS/150.0 Mobile/15E148 Safari/605.1.15' }],
  ['Safari before 16.4', { ...olderOrigin, 'user-agent': 'Version/15.0 Safari/605.1.15' }],
  ['Firefox before 90', { ...olderOrigin, 'user-agent': 'Firefox/78.0' }],
];

describe('the button of a signed link is not pressed', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['form.submit() in any browser', PRESSED, { open: '' }],
    ['button.click() by a script in Chromium', scripted, {}],
    ['the same with its client hints removed', { ...bare, 'user-agent': 'Chrome/150.0' }, {}],
    ['button.click() by a script in Firefox', firefox, {}],
    ['a script that ticks the box in Chromium', scripted, TICKED],
    ['a script that ticks the box in Firefox', firefox, TICKED],
    ['form.submit() in Safari', safari, { open: '' }],
    ['form.submit() in Safari with the box ticked', safari, { ...TICKED, open: '' }],
  ])('by %s', async (_what, headers, fields) => {
    const response = await world.press(token, headers, fields);
    expect(response.status).toBe(403);
    expect(response.headers.get('x-error-code')).toBe('click_required');
    expect(world.sessionsMade()).toBe(0);
  });

  it.each(SILENT)('by button.click() in %s: the page asks for a tick', async (_name, headers) => {
    for (const fields of [{}, { myself: '' }]) {
      const response = await world.press(token, headers, fields);
      expect(response.status).toBe(200);
      expect((await response.text()).match(BOX)).toHaveLength(1);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(world.sessionsMade()).toBe(0);
  });
});

describe('the button of a signed link is pressed', () => {
  it.each(SILENT)('by a person in %s, who ticks the box', async (_name, headers) => {
    const { origin: _origin, ...look } = headers;
    const page = await (await world.look(token, { ...SIGNED_OUT, ...look })).text();
    expect(page.match(BOX)).toHaveLength(1);
    expect((await world.press(token, headers, TICKED)).status).toBe(303);
    expect(lastOpened(world)).toBe(ada.customer);
  });

  it.each([
    ['Chromium', PRESSED],
    ['Firefox', { ...firefox, 'sec-fetch-user': '?1' }],
  ])('by a person in %s, who sees no box', async (_name, headers) => {
    expect(await (await world.look(token, headers)).text()).not.toMatch(BOX);
    expect((await world.press(token, headers)).status).toBe(303);
  });
});

describe('one of several buttons, where the browser does not tell who pressed', () => {
  it('leads to the page of that account, with a box', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const several = await signLink({ customer: customers });
    expect(await (await world.look(several, safari)).text()).not.toMatch(BOX);
    const chosen = { customer: customers[1]! };
    const page = await (await world.press(several, safari, chosen)).text();
    expect(page.match(BOX)).toHaveLength(1);
    expect(page).toContain(`value="${customers[1]}"`);
    expect(page).not.toContain(customers[0]);
    expect(world.sessionsMade()).toBe(0);
    expect((await world.press(several, safari, { ...chosen, ...TICKED })).status).toBe(303);
    expect(lastOpened(world)).toBe(customers[1]);
  });

  it('leads to the page of that invoice, with a box', async () => {
    const owing = createOwing(world);
    const [first, second] = [await owing.overdue(ada.customer), await owing.sent(ada.customer)];
    const pay = await signLink({ sub: ada.subject, flow: 'pay' });
    expect(await (await world.look(pay, safari)).text()).not.toMatch(BOX);
    const chosen = { invoice: second.invoice.id };
    const page = await (await world.press(pay, safari, chosen)).text();
    expect(page.match(BOX)).toHaveLength(1);
    expect(page).toContain(second.invoice.number);
    expect(page).not.toContain(first.invoice.number);
    const response = await world.press(pay, safari, { ...chosen, ...TICKED });
    expect(response.headers.get('location')).toBe(second.invoice.hosted_invoice_url);
  });

  it('says so again where the choice is nobody’s', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const several = await signLink({ customer: customers });
    const page = await (await world.press(several, safari, { customer: ada.customer })).text();
    expect(page.match(/<button class="button/g)).toHaveLength(2);
    expect(page).not.toContain(ada.customer);
  });
});
