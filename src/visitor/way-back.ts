import type { Context } from 'hono';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { allowedReturnUrl } from '../portal/return-url.ts';
import type { WayBack } from './fresh-session.ts';

/** The way back that is wanted; null if it is not allowed. A completed flow ends at /billing. */
export function wayBackTo(
  returnTo: string | undefined,
  origin: string,
  allowedOrigins: string[],
): WayBack | null {
  const billing = `${origin}/billing`;
  const returnUrl =
    returnTo === undefined ? billing : allowedReturnUrl(returnTo, origin, allowedOrigins);
  return returnUrl === null ? null : { returnUrl, afterFlow: billing };
}

export const wantedWayBack = (c: Context<AppEnv>, returnTo: string | undefined): WayBack | null =>
  wayBackTo(returnTo, originOf(c), c.get('services').config.allowedOrigins);

/** The way back to /billing, which is always allowed. */
export function ownWayBack(c: Context<AppEnv>): WayBack {
  const billing = `${originOf(c)}/billing`;
  return { returnUrl: billing, afterFlow: billing };
}
