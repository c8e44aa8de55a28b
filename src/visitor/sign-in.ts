import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { BillingError } from '../errors/billing-error.ts';
import { emailSignInAddress, hasReturned, signInAddress } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import type { Recognition } from './recognise.ts';

export type Unrecognised = Exclude<Recognition, { kind: 'recognised' }>;

/** Sends a browser to sign in and back to where it was going. Other clients get a 401. */
export function askToSignIn(
  c: Context<AppEnv>,
  recognition: Unrecognised,
  returnTo: string,
): Response {
  const address = signInAddress(c, returnTo) ?? emailSignInAddress(c);
  if (address === undefined || signInWontHelp(c, recognition)) throw notSignedIn(recognition);
  c.get('trace').outcome = 'sign_in';
  return c.redirect(address, 303);
}

/**
 * Whether signing in is of no use, so that the answer must be the reason: for a client with a
 * bearer token or one that wants JSON, and for someone who has just signed in.
 */
export function signInWontHelp(c: Context<AppEnv>, recognition: Unrecognised): boolean {
  if (hasReturned(c)) return true;
  if (recognition.kind === 'refused' && recognition.via === 'bearer') return true;
  const supports = ['text/html', 'application/json'];
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) !== 'text/html';
}

/** The 401 for this outcome, with the challenge of RFC 6750 §3. */
export function notSignedIn(recognition: Unrecognised): BillingError {
  const challenge = 'Bearer realm="billing"';
  if (recognition.kind === 'anonymous') {
    return new BillingError('sign_in_required', 'The request carries no proof of identity.', {
      headers: { 'www-authenticate': challenge },
    });
  }
  const { reason, via } = recognition;
  return new BillingError('token_invalid', `The ${via} token was refused: ${reason}`, {
    detail: `The token was refused: ${reason}.`,
    headers: {
      'www-authenticate': `${challenge}, error="invalid_token", error_description="${reason}"`,
    },
  });
}
