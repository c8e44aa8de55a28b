import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer } from './another-server.ts';
import { interpreters } from './interpreters.ts';
import { cookieNames, post, startOwnSite, type OwnSite } from './own-site.ts';
import { recipe } from './recipe.ts';

type Server = { fetch: (request: Request) => Promise<Response>; stop: () => void };
type Stack = {
  name: string;
  cookie: string;
  program: string | undefined;
  settings: Record<string, string>;
  start: () => Promise<Server>;
};

const SITES = join(import.meta.dirname, 'sites');
const { Django: python, 'plain PHP': php } = interpreters;
const express = recipe('Express');
const django = recipe('Django');

const STACKS: Stack[] = [
  {
    name: 'Express',
    cookie: 'connect.sid',
    program: 'node',
    settings: express.settings,
    start: async () =>
      startServer('node', (port) => [join(SITES, 'express-site.mjs'), String(port), express.code]),
  },
  {
    name: 'Django',
    cookie: 'sessionid',
    program: python,
    settings: django.settings,
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'django-'));
      writeFileSync(join(folder, 'billing_session.py'), django.code);
      const endpoint = django.settings['SESSION_URL'] ?? '';
      const server = await startServer(python ?? '', (port) => [
        join(SITES, 'django_site.py'),
        String(port),
        folder,
        endpoint,
      ]);
      const stop = () => {
        server.stop();
        rmSync(folder, { recursive: true });
      };
      return { ...server, stop };
    },
  },
  {
    name: 'plain PHP',
    cookie: 'PHPSESSID',
    program: php,
    settings: { SESSION_URL: '/api/billing-session', SESSION_COOKIES: 'PHPSESSID' },
    start: async () =>
      startServer(php ?? '', (port) => ['-S', `127.0.0.1:${port}`, join(SITES, 'php_site.php')]),
  },
];

let site: OwnSite;
let server: Server;
let customer: string;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  site = await startOwnSite(
    () => async (request) => server.fetch(request),
    (origin) => ({ SIGN_IN_URL: `${origin}/sign-in?next={return_to}` }),
  );
  customer = await site.customerOf('42');
});
afterAll(async () => site?.stop());

const signIn = async () => post(page, '/in', { username: 'ada', password: 'a long password' });

for (const { name, cookie, program, settings, start } of STACKS) {
  describe.skipIf(program === undefined)(name, () => {
    beforeAll(async () => {
      server = await start();
      await site.configure(settings);
      return () => server.stop();
    });

    beforeEach(async () => {
      site.questions.length = 0;
      context = await site.browser.newContext({ locale: 'en-US' });
      page = await context.newPage();
      await page.goto(site.origin);
      return async () => context.close();
    });

    it('says who has signed in, and its cookies reach no browser by the Worker', async () => {
      await signIn();
      const [before] = await context.cookies(site.origin);
      expect(before?.name).toBe(cookie);
      await context.addCookies([{ name: 'theirs', value: '1', url: site.origin }]);
      expect(await site.openedBy(page)).toBe(customer);
      expect(site.questions).toMatchObject([{ path: settings['SESSION_URL'], status: 200 }]);
      expect(site.questions[0]?.headers['cookie']).toBe(`${cookie}=${before?.value}`);
      const after = (await context.cookies(site.origin)).find((each) => each.name === cookie);
      expect(after).toEqual(before);
    });

    it('says so of nobody after signing out, and of no made-up cookie', async () => {
      await signIn();
      const [signedIn] = await context.cookies(site.origin);
      await post(page, '/out', {});
      expect(await cookieNames(context, site.origin)).not.toContain(cookie);
      for (const value of [signedIn?.value ?? '', 'made-up']) {
        await context.addCookies([{ name: cookie, value, url: site.origin }]);
        expect(await site.openedBy(page)).toBeUndefined();
        expect(page.url()).toContain(`${site.origin}/sign-in?next=`);
      }
      expect(site.questions.map(({ status }) => status)).toEqual([200, 200]);
    });
  });
}
