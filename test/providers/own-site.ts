import type { BrowserContext, Page } from 'playwright-core';
import { createCustomer, freePort, listen, startSite } from '../browser/site.ts';

const SESSIONS = '/v1/billing_portal/sessions';

type Theirs = (request: Request) => Response | Promise<Response>;

/** What the Worker asked the site, and the cookies that the site wanted to set by its answer. */
type Question = {
  path: string;
  headers: Record<string, string>;
  status: number;
  setCookie: string[];
};

export type OwnSite = Awaited<ReturnType<typeof startOwnSite>>;

/**
 * A site on `localhost` with the built Worker on a route of the same host, as the recipes have it;
 * and Chromium.
 *
 * @param create  makes the site for its origin
 */
export async function startOwnSite(
  create: (origin: string) => Theirs | Promise<Theirs>,
  settings: (origin: string) => Record<string, string>,
) {
  const site = await startSite();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const theirs = await create(origin);
  const questions: Question[] = [];
  const server = await listen(port, async (request) => {
    const { pathname, search } = new URL(request.url);
    if (/^\/(?:billing|api\/stripe)(?:\/|$)/.test(pathname)) return passOn(request, site.origin);
    if (PAGES.has(pathname)) return new Response(PAGE, HTML);
    const response = await theirs(request);
    // A browser's own requests name the site of the page that they come from.
    if (!request.headers.has('sec-fetch-site')) {
      questions.push({
        path: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
        status: response.status,
        setCookie: response.headers.getSetCookie(),
      });
    }
    return response;
  });
  const configure = async (more: Record<string, string> = {}) =>
    site.configure({ ...NOTHING, PUBLIC_ORIGIN: origin, ...settings(origin), ...more });
  await configure();
  return {
    ...site,
    origin,
    questions,
    /** From now on the Worker has these settings besides, and remembers nothing. */
    configure,
    customerOf: async (subject: string) => createCustomer(site.stripe, subject, 'Ada Lovelace'),
    /** Follows the link, and gives the customer whose portal opens; undefined if none does. */
    openedBy: async (page: Page) => {
      const before = site.sessionsMade();
      await page.goto(`${origin}/billing/manage`);
      const made = site.standIn.requests.filter(({ path }) => path === SESSIONS);
      const customer = made.at(-1)?.parameters['customer'];
      return made.length > before && typeof customer === 'string' ? customer : undefined;
    },
    stop: async () => {
      server.close();
      await site.stop();
    },
  };
}

const PAGES = new Set(['/', '/sign-in']);
// A browser's request for an icon, at a moment of its own, would make the site set its cookie anew.
const PAGE = '<!doctype html><title>Shop</title><link rel="icon" href="data:,">';
const HTML = { headers: { 'content-type': 'text/html' } };
const NOTHING = { AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_COOKIE: '', SIGN_IN_URL: '' };

async function passOn(request: Request, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  const body = method === 'POST' ? await request.arrayBuffer() : null;
  const passed = await fetch(`${origin}${pathname}${search}`, {
    method,
    headers,
    body,
    redirect: 'manual',
  });
  const answered = new Headers(passed.headers);
  answered.delete('content-encoding');
  answered.delete('content-length');
  return new Response(passed.body, { status: passed.status, headers: answered });
}

/** Sends JSON from the site's own page, as its scripts do, and gives the answer. */
export async function post(page: Page, path: string, body: object): Promise<unknown> {
  const origin = new URL(page.url()).origin;
  return page.evaluate(
    async ([address, text]) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(address, { method: 'POST', headers, body: text });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    [`${origin}${path}`, JSON.stringify(body)] as const,
  );
}

export const cookieNames = async (context: BrowserContext, origin: string) =>
  (await context.cookies(origin)).map(({ name }) => name).toSorted();
