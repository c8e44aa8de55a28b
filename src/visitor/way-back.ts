import type { Context } from 'hono';
import { allowedReturnUrl } from '../portal/return-url.ts';
import type { WayBack } from './fresh-session.ts';
import { originOf, type AppEnv } from '../http/context.ts';

/** The way back that was wanted; null when it is not allowed. A flow always ends at /billing. */
export function wantedWayBack(c: Context<AppEnv>, returnTo: string | undefined): WayBack | null {
  const own = ownWayBack(c);
  if (returnTo === undefined) return own;
  const { allowedOrigins } = c.get('services').config;
  const returnUrl = allowedReturnUrl(returnTo, originOf(c), allowedOrigins);
  return returnUrl === null ? null : { ...own, returnUrl };
}

/** Where everybody may go back to. */
export function ownWayBack(c: Context<AppEnv>): WayBack {
  const billing = `${originOf(c)}/billing`;
  return { returnUrl: billing, afterFlow: billing };
}
