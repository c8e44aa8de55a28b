import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { BillingError } from '../errors/billing-error.ts';
import type { Identification, Identity } from '../identity/identify.ts';
import { originOf, type AppEnv } from '../http/context.ts';

// Marks the way back from the sign-in page. Somebody who returns unrecognised sees why, where
// another redirect would send them round in circles.
const RETURNED = 'signed_in';

export type Unrecognised = Exclude<Identification<Identity>, { kind: 'recognised' }>;

/** Where somebody can sign in by e-mail; undefined where no e-mail binding is configured. */
export function emailSignInAddress(c: Context<AppEnv>): string | undefined {
  return c.get('services').emailSignIn && '/billing/sign-in';
}

/** The site's sign-in page, told to come back to one of our addresses. */
export function signInAddress(c: Context<AppEnv>, returnTo: string): string | undefined {
  const address = new URL(originOf(c));
  // Only the way, never the host: behind a proxy the request shows another origin than ours.
  const { pathname, search } = new URL(returnTo, address);
  address.pathname = pathname;
  address.search = search;
  address.searchParams.delete('token');
  address.searchParams.set(RETURNED, '1');
  return c
    .get('services')
    .config.signInUrl?.replaceAll('{return_to}', encodeURIComponent(address.href));
}

/**
 * Sends a browser to sign in and back to where it was going. Whoever cannot sign in (a client
 * with a bad bearer token, a client that reads JSON) is told so.
 */
export function askToSignIn(
  c: Context<AppEnv>,
  identification: Unrecognised,
  returnTo: string,
): Response {
  const address = signInAddress(c, returnTo) ?? emailSignInAddress(c);
  if (address === undefined || mustBeTold(c, identification)) throw notSignedIn(identification);
  c.get('trace').outcome = 'sign_in';
  return c.redirect(address, 303);
}

/**
 * Whether signing in is of no use, so that the reason must be told: to somebody who sends a
 * bearer token or wants JSON, and to somebody who comes from signing in and is unknown still.
 */
export function mustBeTold(c: Context<AppEnv>, identification: Unrecognised): boolean {
  if (c.req.query(RETURNED) !== undefined) return true;
  if (identification.kind === 'refused' && identification.via === 'bearer') return true;
  const supports = ['text/html', 'application/json'];
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) !== 'text/html';
}

/** The 401 for this outcome, with the challenge of RFC 6750 §3. */
export function notSignedIn(identification: Unrecognised): BillingError {
  const challenge = 'Bearer realm="billing"';
  if (identification.kind === 'anonymous') {
    return new BillingError('sign_in_required', 'The request carries no proof of identity.', {
      headers: { 'www-authenticate': challenge },
    });
  }
  const { reason, via } = identification;
  return new BillingError('token_invalid', `The ${via} token was refused: ${reason}`, {
    detail: `The token was refused: ${reason}.`,
    remedy: `Compare the token with AUTH_ISSUER, AUTH_AUDIENCE, AUTH_SUBJECT_CLAIM and the keys: ${reason}.`,
    headers: {
      'www-authenticate': `${challenge}, error="invalid_token", error_description="${reason}"`,
    },
  });
}
