import { beforeEach, describe, expect, it } from 'vitest';
import { createSignInWorld, OPENID_ISSUER } from './openid/browser.ts';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from './signed-links.ts';
import { SIGNED_OUT, type Person } from './world.ts';

const GERMAN = '__Host-locale=de';

let world: LinkWorld;
let ada: Person;

beforeEach(async () => {
  world = await createLinkWorld();
  ada = await world.somebody();
});

const languageOf = (html: string) => /<html lang="([^"]*)"/.exec(html)?.[1];
const visit = async (path: string, headers: Record<string, string> = SIGNED_OUT) =>
  world.visit(path, { headers });

describe('a language that was asked for', () => {
  it('is kept by a cookie that holds nothing else, until the browser is closed', async () => {
    const asked = await visit('/billing?locale=de');
    expect(asked.headers.getSetCookie()).toEqual([
      `${GERMAN}; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
    const page = await visit('/billing', { ...SIGNED_OUT, cookie: GERMAN });
    expect(languageOf(await page.text())).toBe('de');
    expect(page.headers.getSetCookie()).toEqual([]);
  });

  it('goes to the portal, and into faults', async () => {
    const cookie = `${ada.browser.cookie}; ${GERMAN}`;
    await visit('/billing/manage', { ...ada.browser, cookie });
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['locale']).toBe('de');
    const fault = await visit('/billing/manage?customer=cus_x', { ...ada.browser, cookie });
    expect(languageOf(await fault.text())).toBe('de');
  });

  it('goes on with a signed link, on whose page another can be chosen', async () => {
    const token = await signLink({ sub: ada.subject });
    const page = await (await visit(`/billing/manage?locale=de&token=${token}`)).text();
    const [, form = ''] = /<form method="get"[^>]*>(.*?)<\/form>/s.exec(page) ?? [];
    expect(form).toContain(`<input type="hidden" name="token" value="${token}"/>`);
    expect(form).not.toContain('<input type="hidden" name="locale"');
    expect(form).toMatch(/name="locale" value="fr" lang="fr">Français</);
    await world.press(token, { ...PRESSED, cookie: GERMAN });
    expect(world.callsTo('/v1/billing_portal/sessions').at(-1)?.parameters['locale']).toBe('de');
  });

  it('is stronger than the browser’s, and weaker than that of the address', async () => {
    const headers = { ...SIGNED_OUT, cookie: GERMAN, 'accept-language': 'ja' };
    expect(languageOf(await (await visit('/billing', headers)).text())).toBe('de');
    expect(languageOf(await (await visit('/billing?locale=fr', headers)).text())).toBe('fr');
  });

  it.each<[string, string, Record<string, string>]>([
    ['that the browser accepts', '/billing', { 'accept-language': 'de' }],
    ['that we do not have', '/billing?locale=tlh', {}],
    ['that is prefetched', '/billing?locale=de', { 'sec-purpose': 'prefetch' }],
    ['of an image', '/billing?locale=de', { 'sec-fetch-dest': 'image' }],
    ['that is kept already', '/billing?locale=de', { cookie: GERMAN }],
  ])('is not kept if it is one %s', async (_, path, headers) => {
    const response = await visit(path, { ...SIGNED_OUT, ...headers });
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('is kept without what else a tag can say', async () => {
    const asked = await visit('/billing?locale=de-at-1996-u-co-phonebk-x-call-555');
    expect(asked.headers.getSetCookie()[0]).toMatch(/^__Host-locale=de-AT;/);
  });

  it('counts for nothing in a cookie that is none of ours', async () => {
    for (const cookie of ['__Host-locale="><script>', `${GERMAN}; __Host-locale=fr`, 'locale=de']) {
      const page = await visit('/billing', { ...SIGNED_OUT, cookie });
      expect(languageOf(await page.text())).toBe('en');
    }
  });
});

describe('the list of languages', () => {
  it('keeps what the visitor came for, and repeats no id of anybody else', async () => {
    const { id } = await world.subscribe(ada.customer);
    await world.sync(ada.customer);
    const about = `customer=${ada.customer}&subscription=${id}&invoice=in_x`;
    const path = `/billing?${about}&flow=payment_method_update&signed_in=1&locale=de`;
    const page = await visit(path, ada.browser);
    const [, form = ''] = /<form method="get">(.*?)<\/form>/s.exec(await page.text()) ?? [];
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)"/g)].map(
      ([, name]) => name,
    );
    expect(fields).toEqual(['flow', 'customer', 'subscription']);
  });

  const listOn = async (page: Response) =>
    /<form method="get"(?: action="([^"]*)")?>(.*?)<button/s.exec(await page.text())?.slice(1);

  it('asks for the same address again where nothing is', async () => {
    expect(await listOn(await visit('/nowhere?customer=cus_x'))).toEqual([undefined, '']);
  });

  it('leads to the page before, on a fault of the permanent link', async () => {
    const path = '/billing/manage?customer=cus_x&flow=subscription_cancel';
    expect(await listOn(await visit(path, ada.browser))).toEqual([
      '/billing',
      '<input type="hidden" name="flow" value="subscription_cancel"/>',
    ]);
  });

  it('keeps the ids that somebody came with who has yet to sign in', async () => {
    const about = 'flow=subscription_cancel&subscription=sub_1&customer=cus_x';
    const fields = [
      '<input type="hidden" name="customer" value="cus_x"/>',
      '<input type="hidden" name="flow" value="subscription_cancel"/>',
      '<input type="hidden" name="subscription" value="sub_1"/>',
    ].join('');
    const page = await visit(`/billing?${about}&locale=de`);
    expect(page.status).toBe(401);
    expect(await listOn(page)).toEqual([undefined, fields]);
    // They come back from the sign-in page as nobody.
    const back = await visit(`/billing/manage?${about}&signed_in=1`);
    expect(back.status).toBe(401);
    expect(await listOn(back)).toEqual(['/billing', fields]);
    const broken = await visit(`/billing?flow=nothing&subscription=${'x'.repeat(300)}`);
    expect(await listOn(broken)).toEqual([undefined, '']);
  });

  it('keeps a return address that is too long for a mail', async () => {
    const back = `/account?${'x'.repeat(4_000)}`;
    const field = `<input type="hidden" name="return_to" value="${back}"/>`;
    const page = await visit(`/billing?return_to=${encodeURIComponent(back)}`);
    expect(await listOn(page)).toEqual([undefined, field]);
  });

  it('keeps what somebody came for, on a fault of signing in at a provider', async () => {
    const { browser } = await createSignInWorld();
    const url = await browser.beginAt(
      '/billing/manage?flow=subscription_cancel&subscription=sub_1',
    );
    const state = url.searchParams.get('state') ?? '';
    const answer = new URLSearchParams({ error: 'access_denied', state, iss: OPENID_ISSUER });
    const denied = await browser.ask(`/billing/callback?${answer.toString()}`);
    expect(denied.headers.get('x-error-code')).toBe('sign_in_denied');
    expect(await listOn(denied)).toEqual([
      '/billing',
      '<input type="hidden" name="flow" value="subscription_cancel"/>' +
        '<input type="hidden" name="subscription" value="sub_1"/>',
    ]);
  });

  it('leads to the page before, on the answer to a form', async () => {
    const refused = await world.ask({ address: 'nobody', to: '/billing/manage?flow=pay' });
    expect(await listOn(refused)).toEqual([
      '/billing/sign-in',
      '<input type="hidden" name="to" value="/billing/manage?flow=pay"/>',
    ]);
  });

  it('leads to the link’s page, on the answer to its form', async () => {
    const { 'sec-ch-ua': _hints, 'sec-fetch-user': _user, ...safari } = PRESSED;
    const token = await signLink({ sub: ada.subject });
    expect(await listOn(await world.press(token, safari))).toEqual([
      '/billing/manage',
      `<input type="hidden" name="token" value="${token}"/>`,
    ]);
  });

  it('leads to the link’s page where its form failed for now', async () => {
    const token = await signLink({ sub: ada.subject });
    const linksPage = ['/billing/manage', `<input type="hidden" name="token" value="${token}"/>`];
    const full = { limit: async () => ({ success: false }) };
    world.configure({ SESSION_LIMIT: full, SIGN_IN_BY_CLIENT: full });
    const failed = await world.press(token);
    expect(failed.status).toBe(429);
    expect(await listOn(failed)).toEqual(linksPage);
    const now = Math.floor(Date.now() / 1000);
    const expired = { iat: now - 7200, exp: now - 3600 };
    const old = await signLink({ sub: ada.subject, ...expired });
    const limited = await world.ask({ token: old });
    expect(limited.status).toBe(429);
    expect(await listOn(limited)).toEqual([
      '/billing/manage',
      `<input type="hidden" name="token" value="${old}"/>`,
    ]);
  });

  it('never puts a typed address into the address of a page', async () => {
    expect(await listOn(await world.ask({ address: 'ada@' }))).toEqual(['/billing/sign-in', '']);
  });

  it.each([
    ['where nothing is', '/nowhere?to=x&email=ada@example.com&flow=pay'],
    ['on /billing', `/billing?to=${'x'.repeat(9000)}&sent=x`],
  ])('repeats nothing that a page is not about: %s', async (_, path) => {
    expect(await listOn(await visit(path))).toEqual([undefined, '']);
  });

  it('repeats no token on a fault of a link', async () => {
    const token = await signLink({ sub: ada.subject }, { secret: 'x'.repeat(32) });
    for (const page of [await world.look(token), await world.press(token)]) {
      expect(await listOn(page)).toEqual(['/billing', '']);
    }
  });
});
