import type { Context } from 'hono';
import { cookiesNamed } from '../identity/cookies.ts';

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
