import type { Context } from 'hono';
import { cookiesNamed } from '../identity/cookies/named.ts';

/**
 * A cookie of ours, `__Host-` and the name; undefined without one. Hono's `getCookie` trims more
 * off a name than browsers do, so that a subdomain could set what passes for this cookie.
 */
export function hostCookie(c: Context, name: string): string | undefined {
  const [value, ...others] = cookiesNamed(`__Host-${name}`, c.req.header('cookie') ?? '');
  if (value === undefined || others.length > 0) return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The names of our cookies that begin so, after `__Host-`. Browsers send the oldest first (§5.4). */
export function hostCookiesBeginning(c: Context, prefix: string): string[] {
  const pairs = (c.req.header('cookie') ?? '').split(';');
  const names = pairs.map((pair) => pair.replace(/^[ \t]+/, '').replace(/[ \t]*=.*$/, ''));
  return names
    .filter((name) => name.startsWith(`__Host-${prefix}`))
    .map((name) => name.slice('__Host-'.length));
}
