import type { Context } from 'hono';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { allowedReturnUrl } from '../portal/return-url.ts';
import type { WayBack } from './fresh-session.ts';

/** The way back that is wanted; null if it is not allowed. A completed flow ends at /billing. */
export function wantedWayBack(c: Context<AppEnv>, returnTo: string | undefined): WayBack | null {
  const own = ownWayBack(c);
  if (returnTo === undefined) return own;
  const { allowedOrigins } = c.get('services').config;
  const returnUrl = allowedReturnUrl(returnTo, originOf(c), allowedOrigins);
  return returnUrl === null ? null : { ...own, returnUrl };
}

/** The way back to /billing, which is always allowed. */
export function ownWayBack(c: Context<AppEnv>): WayBack {
  const billing = `${originOf(c)}/billing`;
  return { returnUrl: billing, afterFlow: billing };
}
