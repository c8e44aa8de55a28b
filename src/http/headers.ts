import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { isLoopback } from '../config/secure-url.ts';
import { originOf } from './addresses.ts';
import { once } from '../once.ts';
import { configIfAny, type AppEnv } from './context.ts';

/**
 * Chrome applies form-action to the redirects after a form, too. Portals and sign-in pages can be
 * on any domain of the operator's. In development they are http on loopback.
 * https://www.w3.org/TR/CSP3/#directive-form-action
 */
export const formTargets = (c: Context) =>
  isLoopback(new URL(c.req.url).hostname) ? 'https: http:' : 'https:';

/** Lets scripts on the configured origins read the API's answers to this method. */
export function allowedOrigins(method: 'GET' | 'POST') {
  const allow = once(() =>
    cors({
      origin: (origin, c: Context<AppEnv>) =>
        c.get('services').config.allowedOrigins.includes(origin) ? origin : null,
      allowMethods: [method],
      allowHeaders: ['authorization', 'content-type'],
      credentials: true,
      maxAge: 600,
    }),
  );
  return createMiddleware<AppEnv>(async (c, next) => allow()(c, next));
}

/**
 * For a page with a form of ours. Browsers without Sec-Fetch-Site prove by `Origin` where the form
 * is, and no-referrer would make that null. The path is kept back even from the site's own pages:
 * a link's contains its token.
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
export function sendOriginOnly(c: Context<AppEnv>): void {
  c.header('referrer-policy', 'strict-origin');
}

export const PRECONNECT = '<https://billing.stripe.com>; rel=preconnect';

/**
 * For a page whose next click leads to the portal: the browser connects while the visitor reads.
 * Not where the API is another than Stripe's: its portals are elsewhere.
 * https://html.spec.whatwg.org/multipage/links.html#link-type-preconnect
 */
export function connectToPortal(c: Context<AppEnv>): void {
  if (!c.get('services').config.stripe.apiBase) c.header('link', PRECONNECT);
}

/** On every response: it is for one person and one moment, and for no frame. */
const HEADERS = Object.entries({
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // Without includeSubDomains: the operator's other hosts are not ours to decide about.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/**
 * Sets the headers of every response. Hono's `secureHeaders` makes a nonce for each; here only a
 * page asks for one, because a redirect has no style.
 */
export const safeHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const [name, value] of HEADERS) headers.set(name, value);
  // A route can set these two for its own page.
  if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', policyOf(c));
  }
});

function policyOf(c: Context<AppEnv>): string {
  const style = c.get('nonce') === undefined ? '' : `style-src 'nonce-${c.get('nonce')}'; `;
  return (
    `default-src 'none'; ${style}img-src ${imageSources(c)}; form-action 'self' ${formTargets(c)}; ` +
    "base-uri 'none'; frame-ancestors 'none'"
  );
}

/** The icon is in the page. A logo comes from its own origin, and nothing else from there. */
export function imageSources(c: Context<AppEnv>): string {
  const logo = configIfAny(c)?.brand.logo;
  if (!logo) return 'data:';
  const own = originOf(c);
  const sources = [logo.url, logo.darkUrl ?? logo.url].map((url) => {
    const { origin } = new URL(url, own);
    return origin === own ? "'self'" : origin;
  });
  return ['data:', ...new Set(sources)].join(' ');
}

/** The nonce of the one stylesheet that this response may have. */
export function nonceOf(c: Context<AppEnv>): string {
  const nonce =
    c.get('nonce') ?? btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  c.set('nonce', nonce);
  return nonce;
}
