import * as base64url from 'jose/base64url';
import { joinedCookies } from './chunks.ts';

const PREFIX = 'base64-';

/**
 * The access tokens in the cookie of @supabase/ssr: JSON, in base64url or as it is, perhaps in
 * chunks. Its refresh token is never touched. Undefined if the cookie is broken.
 */
export function supabaseTokens(name: string, header: string): string[] | undefined {
  const values = joinedCookies(name, header);
  const tokens = values?.map(accessTokenIn);
  return tokens?.every((token) => token !== undefined) ? tokens : undefined;
}

function accessTokenIn(value: string): string | undefined {
  try {
    const text = value.startsWith(PREFIX)
      ? new TextDecoder().decode(base64url.decode(value.slice(PREFIX.length)))
      : decodeURIComponent(value);
    const session: unknown = JSON.parse(text);
    if (typeof session !== 'object' || session === null) return undefined;
    const token = 'access_token' in session ? session.access_token : undefined;
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}
