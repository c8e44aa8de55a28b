import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { BillingError } from '../errors.ts';
import type { Identification } from '../identity/identify.ts';
import { originOf, type AppEnv } from './context.ts';

// Marks the way back from the sign-in page. Somebody who returns unrecognised sees why, where
// another redirect would send them round in circles.
const RETURNED = 'signed_in';

/** The site's sign-in page, told to come back to one of our addresses. */
export function signInAddress(c: Context<AppEnv>, returnTo: string): string | undefined {
  const address = new URL(returnTo, originOf(c));
  address.searchParams.delete('token');
  address.searchParams.set(RETURNED, '1');
  return c.var.services.config.signInUrl?.replaceAll(
    '{return_to}',
    encodeURIComponent(address.href),
  );
}

/**
 * Sends a browser to sign in and back to where it was going. Whoever cannot sign in (a client
 * with a bad bearer token, a client that reads JSON) is told so.
 */
export function askToSignIn(
  c: Context<AppEnv>,
  identification: Exclude<Identification, { kind: 'recognised' }>,
  returnTo: string,
): Response {
  const address = signInAddress(c, returnTo);
  const isApiClient =
    (identification.kind === 'refused' && identification.via === 'bearer') ||
    accepts(c, {
      header: 'Accept',
      supports: ['text/html', 'application/json'],
      default: 'text/html',
    }) !== 'text/html';
  if (address === undefined || isApiClient || c.req.query(RETURNED) !== undefined) {
    throw notSignedIn(identification);
  }
  return c.redirect(address, 303);
}

/** The 401 for this outcome, with the challenge of RFC 6750 §3. */
export function notSignedIn(
  identification: Exclude<Identification, { kind: 'recognised' }>,
): BillingError {
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
