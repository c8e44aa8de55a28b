import type { Context } from 'hono';
import type { AppEnv } from './context.ts';
import { isOriginMissing, originMissing } from './own-origin.ts';

// Marks the way back from the sign-in page. Someone who returns unrecognised is shown the
// reason: another redirect would send them round in circles.
const RETURNED = 'signed_in';

/** Our own origin: the configured one, because a proxy may show us another. */
export function originOf(c: Context<AppEnv>): string {
  return c.get('services').config.publicOrigin ?? new URL(c.req.url).origin;
}

/**
 * The origin to sign links for, which no requester chooses.
 *
 * @throws BillingError `public_origin_missing`
 */
export function signingOrigin(c: Context<AppEnv>): string {
  if (isOriginMissing(c, c.get('services').config)) throw originMissing('A link was asked for.');
  return originOf(c);
}

/** Where people sign in by e-mail; undefined where no mails can be sent. */
export function emailSignInAddress(c: Context<AppEnv>): string | undefined {
  const { emailSignIn, config } = c.get('services');
  return emailSignIn && !isOriginMissing(c, config) ? '/billing/sign-in' : undefined;
}

/** The site's sign-in page, with the way back to one of our addresses. */
export function signInAddress(c: Context<AppEnv>, returnTo: string): string | undefined {
  const address = new URL(originOf(c));
  // Path and query only: behind a proxy the request has another origin than ours.
  const { pathname, search } = new URL(returnTo, address);
  address.pathname = pathname;
  address.search = search;
  address.searchParams.delete('token');
  address.searchParams.set(RETURNED, '1');
  return c
    .get('services')
    .config.signInUrl?.replaceAll('{return_to}', encodeURIComponent(address.href));
}

/** Whether the visitor comes back from the sign-in page. */
export function hasReturned(c: Context<AppEnv>): boolean {
  return c.req.query(RETURNED) !== undefined;
}
