import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { findTag } from '../config/languages.ts';
import type { AppEnv } from './context.ts';
import { ownCookie, setOwnCookie } from './cookies.ts';
import { isNavigation, isSpeculative } from './guards.ts';

// The cookie `__Host-locale` keeps the language that a link or the page's footer has asked for, and
// nothing else. It goes when the browser is closed. Nobody gets it for what the browser accepts.
const NAME = 'locale';

/** The language that this address asks for, or an earlier one did; undefined without one. */
export function askedLocale(c: Context<AppEnv>, query = c.req.query('locale')): string | undefined {
  return findTag(query)?.tag ?? findTag(ownCookie(c, NAME))?.tag;
}

/** Keeps the language for the whole way: to Stripe, through signing in, and back. */
export const rememberLanguage = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  const asked = findTag(c.req.query('locale'))?.tag;
  if (asked === undefined || asked === ownCookie(c, NAME)) return;
  if (c.req.method === 'GET' && isNavigation(c) && !isSpeculative(c)) setOwnCookie(c, NAME, asked);
});
