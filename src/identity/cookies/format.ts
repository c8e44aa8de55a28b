import type { Config } from '../../config/config.ts';
import type { VerifyToken } from '../jwt.ts';
import { createAuthjsVerifier } from './authjs.ts';
import { joinedCookies } from './chunks.ts';
import { cookiesNamed } from './named.ts';
import { supabaseTokens } from './supabase.ts';

/** How a session cookie is read. */
export type CookieFormat = {
  /** The tokens of all cookies of this name; undefined if they are broken. */
  tokensIn: (header: string) => string[] | undefined;
  verify: VerifyToken;
};

// Auth.js takes the first on https, and the second on http.
const AUTHJS_NAMES = ['__Secure-authjs.session-token', 'authjs.session-token'];

/** The formats of this site's session cookies; none if it has no cookie for us. */
export function cookieFormats(auth: Config['auth'], verifyToken: VerifyToken): CookieFormat[] {
  const { cookie, cookieFormat } = auth;
  if (cookieFormat.kind === 'authjs') {
    return (cookie === undefined ? AUTHJS_NAMES : [cookie]).map((name) => ({
      tokensIn: (header) => joinedCookies(name, header),
      verify: createAuthjsVerifier(name, cookieFormat.secrets),
    }));
  }
  if (cookie === undefined) return [];
  const tokensIn = cookieFormat.kind === 'supabase' ? supabaseTokens : cookiesNamed;
  return [{ tokensIn: (header) => tokensIn(cookie, header), verify: verifyToken }];
}
