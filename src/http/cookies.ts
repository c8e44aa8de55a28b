import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import { isPlainLoopback } from '../config/secure-url.ts';
import { cookiesNamed } from '../identity/cookies/named.ts';
import { originOf } from './addresses.ts';
import { configIfAny, type AppEnv } from './context.ts';

// Cookies of ours are `__Host-…; Secure`: no other host and no plain http can set them.
const HOST_PREFIX = '__Host-';

/**
 * Keeps a value in a cookie of ours, for so many seconds, or until the browser is closed. No script
 * can read it.
 */
export function setOwnCookie(
  c: Context<AppEnv>,
  name: string,
  value: string,
  maxAge?: number,
): void {
  const lifetime = maxAge !== undefined && { maxAge };
  setCookie(c, name, value, { ...protectionOf(c), ...lifetime, httpOnly: true, sameSite: 'Lax' });
}

export function deleteOwnCookie(c: Context<AppEnv>, name: string): void {
  deleteCookie(c, name, protectionOf(c));
}

/**
 * A cookie of ours; undefined without one. Hono's `getCookie` trims more off a name than browsers
 * do, so that a subdomain could set what passes for this cookie.
 */
export function ownCookie(c: Context<AppEnv>, name: string): string | undefined {
  const header = c.req.header('cookie') ?? '';
  const [value, ...others] = cookiesNamed(prefixOf(c) + name, header);
  if (value === undefined || others.length > 0) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The names of our cookies that begin so. Browsers send the oldest first (RFC 6265 §5.4). */
export function ownCookiesBeginning(c: Context<AppEnv>, beginning: string): string[] {
  const prefix = prefixOf(c);
  const pairs = (c.req.header('cookie') ?? '').split(';');
  const names = pairs.map((pair) => pair.replace(/^[ \t]+/, '').replace(/[ \t]*=.*$/, ''));
  return names
    .filter((name) => name.startsWith(prefix + beginning))
    .map((name) => name.slice(prefix.length));
}

function protectionOf(c: Context<AppEnv>): CookieOptions {
  return isWithoutHttps(c) ? { path: '/' } : { prefix: 'host', path: '/', secure: true };
}

const prefixOf = (c: Context<AppEnv>) => (isWithoutHttps(c) ? '' : HOST_PREFIX);

/**
 * Whether this is a developer's machine without https. Chromium and Firefox keep `Secure` cookies
 * there, WebKit drops them (https://bugs.webkit.org/show_bug.cgi?id=281149). The request alone
 * does not decide, because anyone can send `Host: localhost`: PUBLIC_ORIGIN must be such an
 * address, too. Without PUBLIC_ORIGIN, the Stripe key must be a test key.
 */
function isWithoutHttps(c: Context<AppEnv>): boolean {
  const config = configIfAny(c);
  // Parsing addresses costs the most of reading a cookie.
  if (!config || c.req.url.startsWith('https')) return false;
  if (config.publicOrigin === undefined && config.livemode) return false;
  return [c.req.url, originOf(c)].every((address) => isPlainLoopback(new URL(address)));
}
