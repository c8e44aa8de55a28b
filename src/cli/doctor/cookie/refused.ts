import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Config } from '../../../config/config.ts';
import { joinedCookies } from '../../../identity/cookies/chunks.ts';
import { supabaseTokens } from '../../../identity/cookies/supabase.ts';
import type { Refused } from '../../../identity/identify.ts';
import { nameOf } from '../../../identity/principal.ts';
import { whyBroken } from './unread.ts';

type Auth = Config['auth'];

const REASONS: Record<Exclude<Refused['reason'], 'expired' | 'broken_cookie'>, string> = {
  conflicting_cookies: 'There are several of its name, and they name two people.',
  malformed: 'It is no token of this kind, or was cut off.',
  algorithm: 'It is signed with an algorithm that is not taken.',
  unknown_key: 'Its key is not in the key set.',
  signature: 'Its signature, or seal, is of another key or secret.',
  not_yet_valid: 'It is not valid yet: compare the clocks.',
  issuer: 'It is of another issuer.',
  audience: 'It is for another audience.',
  expiry_missing: 'It has no `exp`, and would never expire.',
  token_type: 'It is a token of another kind than a session’s.',
  authorized_party: 'It was issued to an app that is not in AUTH_AUTHORIZED_PARTIES.',
  subject: 'It has no claim that says who it is (AUTH_SUBJECT_CLAIM).',
  customer: 'Its claim AUTH_CUSTOMER_CLAIM is no id of a Stripe customer.',
  email_unverified: 'Its e-mail address, which says who it is, is not marked as verified.',
};

/** Why the session cookie does not count, with what the token says of itself. */
export function whyRefused(
  { reason, was }: Refused,
  names: string[],
  header: string,
  auth: Auth,
): string {
  if (reason === 'broken_cookie') {
    return names.flatMap((name) => whyBroken(name, header) ?? []).join(' ');
  }
  if (reason === 'expired') {
    const at = was && new Date(was.at * 1000).toISOString();
    return was ? `It named ${nameOf(was.principal)}, and expired at ${at}.` : 'It has expired.';
  }
  return [REASONS[reason], ...tokensIn(names, header, auth).map((token) => describe(token, auth))]
    .filter(Boolean)
    .join(' ');
}

function tokensIn(names: string[], header: string, { cookieFormat }: Auth): string[] {
  const read = cookieFormat.kind === 'supabase' ? supabaseTokens : joinedCookies;
  return names.flatMap((name) => read(name, header) ?? []);
}

/** What helps to compare it with the settings: nothing of it is secret, or of a person. */
function describe(token: string, { issuer, audience }: Auth): string {
  try {
    const { alg, kid, typ } = decodeProtectedHeader(token);
    const { iss, aud, azp, exp } = decodeJwt(token);
    const said = JSON.stringify({ alg, kid, typ, iss, aud, azp, exp });
    return `It says ${said}; expected are ${JSON.stringify({ iss: issuer, aud: audience })}.`;
  } catch {
    return '';
  }
}
