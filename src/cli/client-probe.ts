import type { Config } from '../config/config.ts';
import { parseSecureUrl } from '../config/secure-url.ts';
import { createOidc } from '../identity/oidc.ts';
import { PAGE_NEEDED } from '../identity/oidc-errors.ts';
import { createProvider } from '../identity/provider.ts';
import { visit } from './worker.ts';

const MOST_REDIRECTS = 5;
// A provider that redirects to a page about an error shows it in the address.
const ERROR_ADDRESS = /error/i;

/** What a provider makes of a client and its redirect address. */
export type ClientProbe =
  /** It redirects to the address, as for somebody who is not signed in. */
  | { kind: 'known' }
  /** It redirects to the address with this error, of RFC 6749 §4.1.2.1 or its own. */
  | { kind: 'error'; error: string }
  /** It shows an error page, because it does not know the client or the address. */
  | { kind: 'refused'; status: number }
  | { kind: 'unclear'; found: string };

/** Asks the provider as the Worker does for a silent sign-in, without a cookie: `prompt=none`. */
export async function probeClient(
  auth: Config['auth'],
  oidc: NonNullable<Config['auth']['oidc']>,
  callback: string,
  now: Date,
): Promise<ClientProbe> {
  const client = createOidc(auth, oidc, createProvider(auth.issuer ?? ''));
  const { url } = await client.begin('none', callback, now);
  return answerOf(url, callback);
}

/** Follows the provider's own redirects, to our address or to a page. */
async function answerOf(first: URL, callback: string): Promise<ClientProbe> {
  let url = first;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const visited = await visit(url, fetch);
    if (visited.kind === 'unreachable') return unclear(`no answer, ${visited.reason}`);
    const { status, headers } = visited.response;
    const location = headers.get('location');
    if (status >= 500) return unclear(`the provider answers ${status}`);
    if (status >= 400 || (location === null && hop > 0 && ERROR_ADDRESS.test(url.pathname))) {
      return { kind: 'refused', status };
    }
    if (location === null) return unclear('the provider shows a page though it was asked not to');
    const next = parseSecureUrl(URL.parse(location, url)?.href ?? '');
    if (!next) return unclear('the provider redirects to an address that is not https');
    if (next.origin + next.pathname === callback) {
      const error = next.searchParams.get('error');
      return error === null || PAGE_NEEDED.has(error)
        ? { kind: 'known' }
        : { kind: 'error', error };
    }
    url = next;
  }
  return unclear('the provider redirects too often');
}

const unclear = (found: string) => ({ kind: 'unclear', found }) as const;
