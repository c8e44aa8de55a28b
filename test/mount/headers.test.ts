import type { Context, Hono, MiddlewareHandler } from 'hono';
import { cache } from 'hono/cache';
import { compress } from 'hono/compress';
import { setCookie } from 'hono/cookie';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import { describe, expect, it } from 'vitest';
import {
  type HostEnv,
  NAVIGATION,
  billing,
  go,
  state,
  shop,
  useShop,
  visit,
  world,
} from './shop.ts';

useShop();

describe('under the app’s own security headers', () => {
  const strict = (app: Hono<HostEnv>) => {
    app.use(cors({ origin: (origin) => origin, credentials: true }));
    app.use(async (c, next) => {
      c.header('content-security-policy', "default-src 'self'");
      await next();
      c.res.headers.append('vary', 'accept');
    });
    app.use(
      secureHeaders({
        xFrameOptions: 'SAMEORIGIN',
        contentSecurityPolicy: { defaultSrc: ["'self'"], formAction: ["'self'"] },
      }),
    );
  };

  it('pages keep their own, and the app’s pages keep the app’s', async () => {
    const alone = await visit(billing.app, '/billing', { headers: NAVIGATION });
    const app = shop(strict);
    const within = await visit(app, '/billing', { headers: NAVIGATION });
    const names = ['cache-control', 'x-frame-options', 'referrer-policy', 'x-content-type-options'];
    for (const name of names) expect(within.headers.get(name)).toBe(alone.headers.get(name));
    const policy = (response: Response) =>
      response.headers.get('content-security-policy')?.replace(/nonce-[^']+/, 'nonce');
    expect(policy(within)).toBe(policy(alone));
    expect(policy(within)).toContain("form-action 'self' https:");
    expect(within.headers.get('vary')).toContain('accept');
    const page = await within.text();
    const nonce = /nonce-([^']+)/.exec(within.headers.get('content-security-policy')!)?.[1];
    expect(page).toContain(`nonce="${nonce}"`);
    const theirs = await visit(app, '/');
    expect(theirs.headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  const afterwards =
    (change: (c: Context) => void): MiddlewareHandler =>
    async (c, next) => {
      await next();
      change(c);
    };

  it.each<[string, MiddlewareHandler]>([
    ['sets a header', afterwards((c) => c.header('x-app', '1'))],
    ['sets one of ours', afterwards((c) => c.header('content-security-policy', "img-src 'none'"))],
    ['sets a cookie', afterwards((c) => setCookie(c, 'theirs', '1'))],
    ['compresses', compress()],
    ['replaces the response', afterwards((c) => (c.res = new Response(c.res.body, c.res)))],
    [
      'begins a response anew',
      afterwards((c) => {
        const { body, status } = c.res;
        c.res = undefined;
        c.res = new Response(body, { status, headers: { 'x-frame-options': 'SAMEORIGIN' } });
      }),
    ],
  ])('pages keep their own if middleware within %s', async (_, middleware) => {
    const names = [
      'cache-control',
      'content-security-policy',
      'referrer-policy',
      'x-frame-options',
      'access-control-allow-origin',
    ];
    const headersOf = async (app: Hono<HostEnv>) => {
      const browser = { ...NAVIGATION, origin: 'https://evil.example', 'accept-encoding': 'gzip' };
      const { headers } = await visit(app, '/billing', { headers: browser });
      return names.map((name) => headers.get(name)?.replace(/nonce-[^']+/, 'nonce'));
    };
    const app = shop((host) => {
      strict(host);
      host.use(middleware);
    });
    expect(await headersOf(app)).toEqual(await headersOf(billing.app));
  });

  it('the app’s error page has the app’s headers, also where its middleware fails on our answer', async () => {
    const app = shop((host) => {
      strict(host);
      host.use(
        afterwards(() => {
          throw new Error('of the shop');
        }),
      );
    });
    const response = await visit(app, '/billing', { headers: NAVIGATION });
    expect([response.status, response.headers.get('x-frame-options')]).toEqual([418, 'SAMEORIGIN']);
  });

  it('scripts of other origins read nothing of the API, whatever the app allows', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject });
    const headers = { origin: 'https://evil.example', cookie: 'theirs=1' };
    const read = await visit(shop(strict), '/api/billing', { headers });
    expect(read.status).toBe(403);
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    const minted = await visit(shop(strict), '/api/stripe/create-portal-session', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });
    expect([minted.status, world.sessionsMade()]).toEqual([403, 0]);
  });

  it('the app’s cache keeps nobody’s billing for the next visitor', async () => {
    const [ada, eve] = [await world.somebody(), await world.somebody()];
    let rendered = 0;
    const app = shop((host) => {
      host.use(cache({ cacheName: 'the app', cacheControl: 'max-age=60', wait: true }));
      host.get('/news', (c) => c.text(`rendered ${(rendered += 1)} times`));
    });
    await visit(app, '/news');
    expect(await (await visit(app, '/news')).text()).toBe('rendered 1 times');
    const read = async (): Promise<string> => {
      const response = await visit(app, '/billing', { headers: NAVIGATION }, [
        ada.subject,
        eve.subject,
      ]);
      expect(response.headers.get('cache-control')).toContain('no-store');
      return response.text();
    };
    state.session = () => ({ subject: ada.subject });
    expect(await read()).toContain(`Account 1 of ${ada.subject}`);
    state.session = () => ({ subject: eve.subject });
    expect(await read()).not.toContain(`Account 1 of ${ada.subject}`);
  });

  it('cookies of both reach the browser', async () => {
    const ada = await world.somebody();
    state.session = () => ({ subject: ada.subject });
    const app = shop((host) =>
      host.use(async (c, next) => {
        c.header('set-cookie', 'theirs=1');
        await next();
      }),
    );
    const cookies = (await go(app)).headers.getSetCookie().join('\n');
    expect(cookies).toContain('theirs=1');
    expect(cookies).toContain('__Host-');
  });
});
