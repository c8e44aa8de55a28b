import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import {
  destinationOf,
  emailSignInAddress,
  hasReturned,
  isKnownAsNobody,
  isOnOwnOrigin,
  signInAddress,
} from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { beginAtProvider } from './at-provider.ts';
import { notSignedIn } from './not-signed-in.ts';
import type { Unrecognised } from './recognise.ts';

/**
 * Sends a browser to sign in and back to where it was going. Other clients get a 401. After an
 * expired session, the provider is asked whether it still knows the visitor, without a page.
 */
export async function askToSignIn(
  c: Context<AppEnv>,
  recognition: Unrecognised,
  returnTo: string,
): Promise<Response> {
  const address = signInAddress(c, returnTo) ?? emailSignInAddress(c, returnTo);
  if (address === undefined || signInWontHelp(c, recognition)) {
    c.set('goal', destinationOf(c, returnTo));
    throw notSignedIn(c, recognition);
  }
  const { signIn } = c.get('services');
  if (signIn && isOnOwnOrigin(c)) {
    const isRenewal = isExpired(recognition) && (await (await signIn.oidc()).canRenew(new Date()));
    return beginAtProvider(c, signIn, returnTo, isRenewal ? 'none' : undefined);
  }
  c.get('trace').outcome = 'sign_in';
  return c.redirect(address, 303);
}

/**
 * Whether signing in is of no use, so that the answer must be the reason: for a client with a
 * bearer token or one that wants JSON, and for someone who has just signed in.
 */
export function signInWontHelp(c: Context<AppEnv>, recognition: Unrecognised): boolean {
  // With an expired session, the visitor did sign in, and that was a while ago.
  if (hasReturned(c) && !isExpired(recognition)) return true;
  if (recognition.kind === 'refused' && recognition.via === 'bearer') return true;
  const supports = ['text/html', 'application/json'];
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) !== 'text/html';
}

/**
 * Renews the session of a visitor to a page who needs none, if the provider can do so without a
 * page of its own; undefined if there is nothing to renew.
 *
 * @throws BillingError `identity_provider_unavailable`
 */
export async function renewSilently(
  c: Context<AppEnv>,
  recognition: Unrecognised,
): Promise<Response | undefined> {
  const { signIn } = c.get('services');
  if (!signIn || !isExpired(recognition) || isKnownAsNobody(c)) return undefined;
  if (!(await (await signIn.oidc()).canRenew(new Date()))) return undefined;
  return beginAtProvider(c, signIn, c.req.url, 'none');
}

const isExpired = (recognition: Unrecognised) =>
  recognition.kind === 'refused' && recognition.via === 'account';
