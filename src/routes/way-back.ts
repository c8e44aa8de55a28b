import type { Context } from 'hono';
import { allowedReturnUrl } from '../portal/return-url.ts';
import type { WayBack } from '../session.ts';
import { originOf, type AppEnv } from './context.ts';

/** The way back that was wanted; null when it is not allowed. A flow always ends at /billing. */
export function wantedWayBack(c: Context<AppEnv>, returnTo: string | undefined): WayBack | null {
  const origin = originOf(c);
  const { allowedOrigins } = c.var.services.config;
  const returnUrl = allowedReturnUrl(returnTo ?? '/billing', origin, allowedOrigins);
  return returnUrl === null ? null : { returnUrl, afterFlow: `${origin}/billing` };
}

/** Where everybody may go back to. */
export function ownWayBack(c: Context<AppEnv>): WayBack {
  const billing = `${originOf(c)}/billing`;
  return { returnUrl: billing, afterFlow: billing };
}
