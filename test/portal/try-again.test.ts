import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { brokenDatabase } from '../database.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
});

const down = () => world.configure({ DB: brokenDatabase('D1_ERROR: Network connection lost.') });
const up = () => world.configure({ DB: env.DB });

/** What nobody foresaw: the next page gets no nonce. */
function failOnce() {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(crypto, 'getRandomValues').mockImplementationOnce(() => {
    throw new TypeError('a bug');
  });
}

/** Where the page's link leads, as a browser resolves it. */
async function tryAgainOf(response: Response, path: string): Promise<string> {
  expect(response.status).toBe(503);
  const [, href] = /<a [^>]*href="([^"]*)"[^>]*>Try again</.exec(await response.text()) ?? [];
  if (href === undefined) throw new Error('There is no link to try again.');
  return new URL(href, new URL(path, ORIGIN)).href;
}

/** The form that sends the same fields. */
function formOf(html: string) {
  const [, action = '', inner = ''] =
    /<form method="post" action="([^"]*)">(.*?)<\/form>/s.exec(html) ?? [];
  const inputs = inner.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g);
  const fields = new URLSearchParams([...inputs].map(([, name = '', value = '']) => [name, value]));
  const [, button = ''] =
    /<button class="button" type="submit" ?([^>]*)>Try again</.exec(inner) ?? [];
  return { action, fields, button };
}

describe('“Try again”', () => {
  it('keeps what was asked for', async () => {
    const path = '/billing/manage?flow=payment_method_update&return_to=/account';
    down();
    const again = await tryAgainOf(await world.visit(path, { headers: ada.browser }), path);
    up();
    await world.visit(again, { headers: ada.browser });
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters).toMatchObject({
      return_url: `${ORIGIN}/account`,
      flow_data: { type: 'payment_method_update' },
    });
  });

  it('keeps a signed link, whose token stands nowhere on the page', async () => {
    const token = await signLink({ sub: ada.subject });
    down();
    const failed = await world.look(token);
    expect(await failed.clone().text()).not.toContain(token);
    const again = await tryAgainOf(failed, `/billing/manage?token=${token}`);
    up();
    const page = await (await world.visit(again, { headers: SIGNED_OUT })).text();
    expect(page).toContain(`name="token" value="${token}"`);
  });

  it('keeps an expired link, which may yet be renewed', async () => {
    const now = Math.floor(Date.now() / 1000);
    const flow = 'payment_method_update';
    const token = await signLink({ sub: ada.subject, flow, iat: now - 7200, exp: now - 3600 });
    // Its revocations can be read, and its customers cannot.
    world.failQuery('D1_ERROR: overloaded', 1);
    const failed = await world.look(token);
    const path = `/billing/manage?token=${token}`;
    const again = await tryAgainOf(failed, path);
    expect(again).toBe(`${ORIGIN}${path}`);
    expect((await world.visit(again, { headers: SIGNED_OUT })).status).toBe(410);
  });

  it('sends a form once more, as it was', async () => {
    down();
    const headers = { ...PRESSED, cookie: ada.browser.cookie };
    const body = new URLSearchParams({ flow: 'customer_update', return_to: '/account' });
    const failed = await world.visit('/billing/manage', { method: 'POST', headers, body });
    // Browsers without Sec-Fetch-Site prove by Origin where the form is.
    expect(failed.headers.get('referrer-policy')).toBe('strict-origin');
    const form = formOf(await failed.text());
    up();
    await world.visit(form.action, { method: 'POST', headers, body: form.fields });
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters).toMatchObject({
      return_url: `${ORIGIN}/account`,
      flow_data: { type: 'customer_update' },
    });
  });

  it('opens a signed link after all, for somebody who presses the button', async () => {
    const token = await signLink({ sub: ada.subject });
    down();
    const form = formOf(await (await world.press(token)).text());
    up();
    expect([...form.fields]).toEqual([['token', token]]);
    expect(form.button).toBe('name="open" value="link"');
    const fields = Object.fromEntries([...form.fields, ['open', 'link']]);
    expect((await world.press(token, PRESSED, fields)).status).toBe(303);
    expect(world.sessionsMade()).toBe(1);
  });

  it('asks for the tick again, where a browser does not tell who pressed', async () => {
    const token = await signLink({ sub: ada.subject });
    const pressed = { ...SIGNED_OUT, origin: ORIGIN };
    down();
    const form = formOf(await (await world.press(token, pressed, { myself: 'yes' })).text());
    up();
    expect([...form.fields]).toEqual([['token', token]]);
  });

  it('sends a form once more after a fault that nobody expected', async () => {
    failOnce();
    const failed = await world.ask({ address: 'nobody' });
    expect(failed.status).toBe(500);
    const form = formOf(await failed.text());
    expect([form.action, ...form.fields]).toEqual(['/billing/sign-in', ['address', 'nobody']]);
  });

  it('is a link after a fault of a page that nobody expected', async () => {
    failOnce();
    const failed = await world.visit('/billing', { headers: ada.browser });
    expect(failed.status).toBe(500);
    expect(await failed.text()).toMatch(/<a [^>]*href=""[^>]*>Try again</);
  });

  it('offers no form that another site has sent', async () => {
    down();
    const token = await signLink({ sub: ada.subject });
    const failed = await world.press(token, { ...PRESSED, 'sec-fetch-site': 'cross-site' });
    expect(failed.status).toBe(403);
    expect(await failed.text()).not.toContain('<form method="post"');
  });
});
