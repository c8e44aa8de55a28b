import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createLinkWorld, PRESSED, signLink, type LinkWorld } from '../signed-links.ts';
import { ORIGIN, SIGNED_OUT, type Person } from '../world.ts';

const API_KEY = 'a key of the back end that is long enough';
const addresses: [method: string, path: string][] = [
  ['GET', '/billing'],
  ['GET', '/billing/manage?flow=subscription_cancel&locale=de'],
  ['HEAD', '/billing/manage'],
  ['POST', '/billing/manage'],
  ['GET', '/billing/manage?token=a.b.c&x=%0d%0aset-cookie:%20a=b'],
  ['GET', '/billing/sign-in'],
  ['POST', '/billing/sign-in'],
  ['POST', '/billing/sign-out'],
  ['POST', '/api/stripe/create-portal-session'],
  ['OPTIONS', '/api/stripe/create-portal-session'],
  ['POST', '/api/links'],
  ['DELETE', '/api/links?subject=user_1'],
  ['GET', '/api/billing'],
  ['GET', '/api/openapi.json'],
  ['POST', '/api/stripe/webhook'],
  ['GET', '/healthz'],
  ['GET', '/nowhere'],
  ['GET', '//evil.example/billing/manage'],
];

let world: LinkWorld;
let ada: Person;

const init = (method: string) => ({
  method,
  headers: { ...ada.browser, ...ada.bearer },
  ...(method === 'POST' && { body: 'token=x' }),
});

async function createWorldOf(origin: string) {
  world = await createLinkWorld({ PUBLIC_ORIGIN: origin, LINK_API_KEY: API_KEY });
  ada = await world.somebody();
  world.stripe.requests.length = 0;
  world.queries.length = 0;
}

const askForLink = async (url = '/api/links') =>
  world.visit(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subject: ada.subject }),
  });

describe('plain http', () => {
  beforeEach(async () => createWorldOf('https://www.shop.example'));

  it.each(addresses)(
    'of %s %s leads to PUBLIC_ORIGIN before anything else',
    async (method, path) => {
      for (const host of ['www.shop.example', 'evil.example', 'www.shop.example:8080']) {
        const response = await world.visit(`http://${host}${path}`, init(method));
        expect(response.status).toBe(308);
        expect(response.headers.get('location')).toBe(`https://www.shop.example${path}`);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      }
      expect(world.stripe.requests).toEqual([]);
      expect(world.queries).toEqual([]);
    },
  );

  it('is not taken for https because a header says so', async () => {
    const headers = { ...ada.browser, 'x-forwarded-proto': 'https', forwarded: 'proto=https' };
    const response = await world.visit('http://www.shop.example/billing/manage', { headers });
    expect(response.headers.get('location')).toBe('https://www.shop.example/billing/manage');
  });

  it.each(['localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'shop.localhost'])(
    'works on %s, which is the developer’s own machine',
    async (host) => {
      const response = await world.visit(`http://${host}/billing/manage`, { headers: ada.browser });
      expect(response.headers.get('location')).toContain('https://billing.stripe.com/p/session/');
    },
  );

  it.each(['localhost.evil.example', '127.0.0.1.evil.example', 'notlocalhost', '128.0.0.1'])(
    'does not work on %s, which only resembles it',
    async (host) => {
      const response = await world.visit(`http://${host}/billing`, { headers: ada.browser });
      expect(response.headers.get('location')).toBe('https://www.shop.example/billing');
    },
  );
});

describe('without PUBLIC_ORIGIN', () => {
  beforeEach(async () => createWorldOf(''));

  it.each(addresses)(
    '%s %s of plain http asks for the setting, and leads nowhere',
    async (method, path) => {
      for (const host of ['shop.example', 'evil.example']) {
        const response = await world.visit(`http://${host}${path}`, init(method));
        expect(response.status).toBe(503);
        expect(response.headers.get('location')).toBeNull();
        expect(response.headers.getSetCookie()).toEqual([]);
        const text = await response.text();
        expect(response.headers.get('x-error-code')).toBe('public_origin_missing');
        expect(text).not.toContain(host);
      }
      expect(world.stripe.requests).toEqual([]);
      expect(world.queries).toEqual([]);
    },
  );

  it('https works on, with the links and sessions that exist', async () => {
    const opened = await world.visit('/billing/manage', { headers: ada.browser });
    expect(opened.headers.get('location')).toContain('https://billing.stripe.com/p/session/');
    const token = await signLink({ sub: ada.subject });
    expect((await world.look(token)).status).toBe(200);
    const pressed = await world.press(token);
    expect(pressed.status).toBe(303);
    const [cookie = ''] = pressed.headers.getSetCookie()[0]?.split(';') ?? [];
    const page = await world.visit('/billing', { headers: { ...SIGNED_OUT, cookie } });
    expect(page.status).toBe(200);
  });

  it('signs no link for a host that the requester chose', async () => {
    for (const host of ['https://shop.example', 'https://evil.example']) {
      const response = await askForLink(`${host}/api/links`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'public_origin_missing' });
    }
  });

  it('mails no link, and offers to mail none', async () => {
    const address = `${ada.subject}.1@example.com`;
    const token = await signLink({ sub: ada.subject, iat: 1e9, exp: 1e9 + 3600 });
    for (const asked of [{ address }, { address: `nobody-${address}` }, { token }]) {
      const response = await world.ask(asked);
      expect(response.status).toBe(503);
      expect(response.headers.get('x-error-code')).toBe('public_origin_missing');
    }
    expect(world.mailbox.mails).toEqual([]);
    const page = await world.visit('/billing/sign-in', { headers: SIGNED_OUT });
    expect(page.status).toBe(503);
    for (const path of ['/billing', `/billing/manage?token=${token}`]) {
      const offer = await world.visit(path, { headers: SIGNED_OUT });
      expect(await offer.text()).not.toContain('/billing/sign-in');
    }
  });

  it('/healthz is 200 and names it, and one line of the log does', async () => {
    const lines: unknown[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => {
      const entry: { event: string } = JSON.parse(String(line));
      if (entry.event === 'public_origin_missing') lines.push(entry);
    });
    const health = await world.visit('/healthz');
    expect(health.status).toBe(200);
    const { problems } = await health.json<Record<string, unknown>>();
    expect(problems).toEqual([
      {
        key: 'PUBLIC_ORIGIN',
        remedy: expect.stringContaining('signs no links and sends no mails'),
      },
    ]);
    for (let count = 0; count < 3; count += 1)
      await world.visit('/billing', { headers: ada.browser });
    expect(lines).toEqual([
      { event: 'public_origin_missing', remedy: expect.stringContaining('PUBLIC_ORIGIN') },
    ]);
  });

  it('says nothing where no links are signed and no mails are sent', async () => {
    world.configure({ EMAIL: undefined, EMAIL_FROM: '', LINK_API_KEY: '' } as never);
    expect(await (await world.visit('/healthz')).json()).not.toHaveProperty('problems');
    expect((await askForLink()).status).toBe(404);
    expect((await world.visit('/billing/sign-in', { headers: SIGNED_OUT })).status).toBe(404);
  });

  it('all works on a loopback host, as in development', async () => {
    const local = 'http://localhost:8787';
    const link = await askForLink(`${local}/api/links`);
    expect(link.status).toBe(201);
    const { url } = await link.json<{ url: string }>();
    expect(url).toContain(`${local}/billing/manage?token=`);
    await world.visit(`${local}/billing/sign-in`, {
      method: 'POST',
      headers: { ...PRESSED, 'cf-connecting-ip': '192.0.2.7' },
      body: new URLSearchParams({ address: `${ada.subject}.1@example.com` }),
    });
    expect(world.mailbox.mails[0]?.text).toContain(`${local}/billing/manage?locale=en&token=`);
    expect(await (await world.visit(`${local}/healthz`)).json()).not.toHaveProperty('problems');
  });
});

it('signs links for PUBLIC_ORIGIN, whichever host is asked', async () => {
  await createWorldOf(ORIGIN);
  const { url } = await (
    await askForLink('https://evil.example/api/links')
  ).json<{ url: string }>();
  expect(url).toContain(`${ORIGIN}/billing/manage?token=`);
});
