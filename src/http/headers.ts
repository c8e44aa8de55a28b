import type { Context } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { isLoopback } from '../config/secure-url.ts';
import type { AppEnv } from './context.ts';

/**
 * Chrome applies form-action to the redirects after a form, too. Portals and sign-in pages can
 * live on any domain of the operator's; in development they are http on loopback.
 * https://www.w3.org/TR/CSP3/#directive-form-action
 */
export const formTargets = (c: Context) =>
  isLoopback(new URL(c.req.url).hostname) ? 'https: http:' : 'https:';

/** Lets scripts on the configured origins read the API's answers, and no others. */
export const allowedOrigins = cors({
  origin: (origin, c: Context<AppEnv>) =>
    c.get('services').config.allowedOrigins.includes(origin) ? origin : null,
  allowMethods: ['POST'],
  allowHeaders: ['authorization', 'content-type'],
  credentials: true,
  maxAge: 600,
});

/** On every answer: it belongs to one person and one moment, and to no frame. */
const HEADERS = Object.entries({
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  // The rest of the operator's domain is not ours to decide: no includeSubDomains.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
});

/**
 * Sets the headers at the end, on whatever is answered. Hono's `secureHeaders` makes a nonce for
 * every answer; here a page asks for one, and a redirect, which has no style, goes without.
 */
export const safeHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const { headers } = c.res;
  for (const [name, value] of HEADERS) headers.set(name, value);
  // A route may loosen these two for its own page.
  if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', policyOf(c));
  }
});

function policyOf(c: Context<AppEnv>): string {
  const style = c.get('nonce') === undefined ? '' : `style-src 'nonce-${c.get('nonce')}'; `;
  return (
    `default-src 'none'; ${style}img-src data:; form-action 'self' ${formTargets(c)}; ` +
    "base-uri 'none'; frame-ancestors 'none'"
  );
}

/** The nonce of the one stylesheet that this answer may carry. */
export function nonceOf(c: Context<AppEnv>): string {
  const nonce =
    c.get('nonce') ?? btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  c.set('nonce', nonce);
  return nonce;
}
