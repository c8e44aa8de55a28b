import type { Context } from 'hono';
import { BillingError } from '../errors/billing-error.ts';
import { cameByLink, hasReturned } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { forwardedCookies } from '../identity/cookies/forwarded.ts';
import type { Unrecognised } from './recognise.ts';

/** The 401 for this outcome, with the challenge of RFC 6750 §3. */
export function notSignedIn(c: Context<AppEnv>, recognition: Unrecognised): BillingError {
  const challenge = 'Bearer realm="billing"';
  if (recognition.kind === 'anonymous' && hasReturned(c) && lacksCookie(c)) {
    return new BillingError('session_cookie_missing', 'The visitor came back without a cookie.', {
      headers: { 'www-authenticate': challenge },
    });
  }
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

/** Whether the request lacks the cookie that would recognise the visitor: the link's, or the site's. */
function lacksCookie(c: Context<AppEnv>): boolean {
  if (cameByLink(c)) return true;
  const { config, signIn } = c.get('services');
  const { cookie, site } = config.auth;
  if (signIn || (cookie === undefined && !site)) return false;
  return !site || forwardedCookies(site.cookies, c.req.header('cookie') ?? '') === '';
}
