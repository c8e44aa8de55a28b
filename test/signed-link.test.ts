import { beforeEach, describe, expect, it, vi } from 'vitest';
import { maskEmail } from '../src/pages/mask.ts';
import { createLimiter } from './limiter.ts';
import {
  createLinkWorld,
  lastOpened,
  LINK_SECRET,
  OTHER_SECRET,
  PRESSED,
  sessionCookie,
  signLink,
  type LinkWorld,
} from './signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from './world.ts';

let world: LinkWorld;
let ada: Person;
let token: string;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
  token = await signLink({ sub: ada.subject });
});

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
    expect(page.match(/<button/g)).toHaveLength(1);
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
    expect(page.match(/<button/g)).toHaveLength(2);
    const response = await world.press(several, PRESSED, { customer: customers[1]! });
    expect(response.status).toBe(303);
    expect(lastOpened(world)).toBe(customers[1]);
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

  it('hands the page’s language on, and keeps it when it asks once more', async () => {
    const page = await world.visit(`/billing/manage?token=${token}&locale=de`, {
      headers: SIGNED_OUT,
    });
    expect(await page.text()).toContain('action="/billing/manage?locale=de"');
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
    expect((await response.text()).match(/<button/g)).toHaveLength(2);
    expect(world.sessionsMade()).toBe(0);
  });

  it('asks which subscription on the billing page, where the visitor is then recognised', async () => {
    await world.subscribe(ada.customer);
    await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const response = await world.press(
      await signLink({ sub: ada.subject, flow: 'subscription_cancel' }),
    );
    expect(response.headers.get('location')).toBe('/billing?flow=subscription_cancel');
    expect(sessionCookie(response)).toBeDefined();
  });

  const safari = { 'user-agent': 'Version/26.0 Safari/605.1.15' };
  const without = (name: string) =>
    Object.fromEntries(Object.entries(PRESSED).filter(([key]) => key !== name));
  const { 'sec-ch-ua': _, ...webkit } = without('sec-fetch-user');

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['form.submit() in any browser', PRESSED, { open: '' }],
    ['button.click() by a script in Chromium', without('sec-fetch-user'), {}],
    ['the same with its client hints removed', { ...webkit, 'user-agent': 'Chrome/150.0' }, {}],
    ['button.click() by a script in Firefox', { ...webkit, 'user-agent': 'Firefox/150.0' }, {}],
    ['form.submit() in Safari', { ...webkit, ...safari }, { open: '' }],
  ])('is not pressed by %s', async (_what, headers, fields) => {
    const response = await world.press(token, headers, fields);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('click_required');
    expect(world.sessionsMade()).toBe(0);
  });

  it('can be pressed in Safari, which does not tell who pressed', async () => {
    expect((await world.press(token, { ...webkit, ...safari })).status).toBe(303);
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

describe('a link for somebody else than who is signed in', () => {
  let eve: Person;
  let evesLink: string;

  beforeEach(async () => {
    eve = await world.somebody();
    evesLink = await signLink({ sub: eve.subject, email: 'eve@evil.example' });
  });

  it('names both, masked, and opens nothing without being asked to', async () => {
    const page = await (await world.look(evesLink, ada.browser)).text();
    expect(page).toContain('This link is for another account');
    expect(page).toMatch(/You are signed in as user_\d+\.1@example\.com/);
    expect(page).toContain('Continue as e•••@evil.example');
    expect(page).toMatch(/Stay signed in as user_\d+\.1@example\.com/);
    const response = await world.press(evesLink, { ...PRESSED, cookie: ada.browser.cookie });
    expect(response.status).toBe(200);
    expect(world.sessionsMade()).toBe(0);
  });

  it('opens the other’s portal when asked, and the visitor stays who they are', async () => {
    const headers = { ...PRESSED, cookie: ada.browser.cookie };
    const response = await world.press(evesLink, headers, { open: 'instead' });
    expect(lastOpened(world)).toBe(eve.customer);
    expect(sessionCookie(response)).toBeUndefined();
    const page = await world.visit('/billing', { headers: ada.browser });
    expect(await page.text()).toContain(`Account 1 of ${ada.subject}`);
  });

  it('replaces a session that came of a link, when asked', async () => {
    const cookie = sessionCookie(await world.press(token))!;
    expect((await world.press(evesLink, { ...PRESSED, cookie })).status).toBe(200);
    const switched = await world.press(evesLink, { ...PRESSED, cookie }, { open: 'instead' });
    const page = await world.visit('/billing', {
      headers: { ...SIGNED_OUT, cookie: sessionCookie(switched)! },
    });
    expect(await page.text()).toContain(`Account 1 of ${eve.subject}`);
  });

  it('knows a customer of one’s own for one’s own', async () => {
    const own = await signLink({ customer: ada.customer });
    expect(await (await world.look(own, ada.browser)).text()).not.toContain('another account');
    const foreign = await signLink({ customer: eve.customer });
    expect(await (await world.look(foreign, ada.browser)).text()).toContain('another account');
  });
});

describe('an expired link', () => {
  const past = () => {
    const expired = Math.floor(Date.now() / 1000) - 120;
    return { iat: expired - 3600, exp: expired };
  };

  it('offers to mail a new one, which opens the same', async () => {
    const old = await signLink({ sub: ada.subject, flow: 'customer_update', ...past() });
    const response = await world.look(old);
    expect(response.status).toBe(410);
    const page = await response.text();
    expect(page).toContain('This link has expired');
    expect(page).toContain('u•••1@example.com');
    expect(page).not.toContain(`${ada.subject}.1@example.com`);
    await world.ask({ token: old });
    const [mail] = world.mailbox.mails;
    expect(mail?.to).toBe(`${ada.subject}.1@example.com`);
    const [fresh = ''] = /(?<=token=)[\w.-]+/.exec(mail?.text ?? '') ?? [];
    await world.press(fresh);
    expect(sessionParameters()).toMatchObject([
      { customer: ada.customer, flow_data: { type: 'customer_update' } },
    ]);
  });

  const renewed = async (claims: Record<string, unknown>) => {
    world.mailbox.mails.length = 0;
    await world.ask({ token: await signLink({ ...past(), ...claims }) });
    const [mail] = world.mailbox.mails;
    const [fresh = ''] = /(?<=token=)[\w.-]+/.exec(mail?.text ?? '') ?? [];
    return { to: mail?.to, fresh };
  };

  it('is renewed to the address that the customer has today, not to the one in it', async () => {
    const email = 'before@example.com';
    expect((await renewed({ customer: ada.customer, email })).to).toBe(
      `${ada.subject}.1@example.com`,
    );
    await world.keep({ id: ada.customer, subject: ada.subject, email: 'today@example.com' });
    const old = await signLink({ sub: ada.subject, email, ...past() });
    const page = await (await world.look(old)).text();
    expect(page).toContain('t•••y@example.com');
    expect(page).not.toContain('b•••e@example.com');
    expect((await renewed({ sub: ada.subject, email })).to).toBe('today@example.com');
  });

  it('of a customer without an address is not renewed, whatever address it names', async () => {
    await world.keep({ id: ada.customer, subject: ada.subject });
    const claims = { sub: ada.subject, email: 'before@example.com', ...past() };
    expect((await world.look(await signLink(claims))).status).toBe(410);
    expect((await world.ask({ token: await signLink(claims) })).status).toBe(410);
    expect(world.mailbox.mails).toEqual([]);
  });

  it('of customers with several addresses opens the customers of one owner only', async () => {
    const several = await world.somebody({ customers: 2 });
    const { customers, subject } = several;
    for (const claims of [{ customer: customers }, { sub: subject }]) {
      const { to, fresh } = await renewed(claims);
      expect(to).toBe(`${subject}.1@example.com`);
      expect((await world.press(fresh, PRESSED, { customer: customers[1]! })).status).toBe(404);
      expect((await world.press(fresh, PRESSED, { customer: customers[0]! })).status).toBe(303);
    }
    // The address in the link counts while one of its customers still has it.
    const email = `${subject}.2@EXAMPLE.com`;
    const { to, fresh } = await renewed({ customer: customers, email });
    expect(to).toBe(`${subject}.2@example.com`);
    expect((await world.press(fresh, PRESSED, { customer: customers[0]! })).status).toBe(404);
  });

  it('can be renewed for 30 days', async () => {
    const aMonth = 30 * 86_400;
    const expiredFor = (seconds: number) => {
      const exp = Math.floor(Date.now() / 1000) - seconds;
      return { sub: ada.subject, iat: exp - 3600, exp };
    };
    expect((await renewed(expiredFor(aMonth - 60))).to).toBeDefined();
    expect((await renewed(expiredFor(aMonth + 60))).to).toBeUndefined();
    const page = await world.look(await signLink(expiredFor(aMonth + 60)));
    expect(page.status).toBe(410);
    expect(await page.text()).not.toContain('<form');
  });

  it('offers to sign in where no mail can be sent', async () => {
    world.configure({ EMAIL: undefined } as never);
    const response = await world.look(await signLink({ sub: ada.subject, ...past() }));
    expect(response.status).toBe(410);
    const page = await response.text();
    expect(page).toContain('link_expired');
    expect(page).toContain('https://id.example/sign-in?return_to=');
    expect(page).not.toContain('<form');
  });

  it('makes no session', async () => {
    await world.press(await signLink({ sub: ada.subject, ...past() }));
    expect(world.sessionsMade()).toBe(0);
  });
});

describe('revocation', () => {
  const works = async (link: string) => (await world.press(link)).status === 303;

  it('by rotating: the previous key’s links work until it is removed', async () => {
    const old = await signLink({ sub: ada.subject }, { secret: OTHER_SECRET });
    world.configure({ LINK_SECRET: `${LINK_SECRET},${OTHER_SECRET}` } as never);
    expect([await works(old), await works(token)]).toEqual([true, true]);
    const cookie = sessionCookie(await world.press(old))!;
    world.configure({ LINK_SECRET } as never);
    expect([await works(old), await works(token)]).toEqual([false, true]);
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(401);
  });

  it('of one subject ends its links, those of its customers, and sessions that came of them', async () => {
    const eve = await world.somebody();
    const others = await signLink({ sub: eve.subject });
    const byCustomer = await signLink({ customer: ada.customer });
    const cookie = sessionCookie(await world.press(token))!;
    await world.links.revoke({ subject: ada.subject });
    expect([await works(token), await works(byCustomer), await works(others)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await (await world.look(token)).text()).toContain('This link does not work');
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(401);
  });

  it('of one customer leaves the others', async () => {
    const { customers } = await world.somebody({ customers: 2 });
    const [first, second] = await Promise.all(customers.map((id) => signLink({ customer: id })));
    await world.links.revoke({ customers: [customers[0]!] });
    expect([await works(first!), await works(second!)]).toEqual([false, true]);
  });
});

describe('a masked address', () => {
  it.each([
    ['ada@example.com', 'a•••@example.com'],
    ['a@example.com', '•••@example.com'],
    ['jo@example.com', 'j•••@example.com'],
    ['lovelace@example.com', 'l•••e@example.com'],
    ['"odd@one"@example.com', '"•••"@example.com'],
    ['🦊🐻🐼🐨@example.com', '🦊•••🐨@example.com'],
    ['nobody', '•••'],
    ['@example.com', '•••'],
  ])('of %s is %s', (email, masked) => expect(maskEmail(email)).toBe(masked));

  it.each([
    ['alice@example.com', 'anne@example.com', 'al•••e@example.com'],
    ['anne@example.com', 'alice@example.com', 'an•••e@example.com'],
    ['alice@example.com', 'ALICE@example.com', 'a•••e@example.com'],
    ['alice@example.com', 'alice@example.org', 'a•••e@example.com'],
    ['ann@example.com', 'anna@example.com', 'ann@example.com'],
  ])('of %s beside %s is %s, so that they differ', (email, other, masked) => {
    expect(maskEmail(email, other)).toBe(masked);
  });
});
