import type { Config } from '../../config/config.ts';
import { parseSecureUrl } from '../../config/secure-url.ts';
import { createOidc } from '../../identity/oidc.ts';
import { PAGE_NEEDED } from '../../identity/oidc-errors.ts';
import { createProvider } from '../../identity/provider.ts';
import { configOf } from '../settings.ts';
import { visit } from '../worker.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

const MOST_REDIRECTS = 5;
// A provider that redirects to a page about an error shows it in the address.
const ERROR_ADDRESS = /error/i;

// RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6: what the operator can mend.
const REMEDIES: Readonly<Record<string, string>> = {
  unauthorized_client: 'Allow this client the authorization code flow at your provider.',
  invalid_client: 'Compare AUTH_CLIENT_ID with the client at your provider.',
  unsupported_response_type: 'Allow this client the authorization code flow at your provider.',
  invalid_scope: 'Set AUTH_SCOPES to scopes that this client may ask for.',
  invalid_request: 'Allow this client PKCE (S256) at your provider; its log says what it refuses.',
};

type Answer =
  | { kind: 'back'; error: string | null }
  | { kind: 'refused'; status: number }
  | { kind: 'unclear'; found: string };

/** Asks the provider as the Worker does for a silent sign-in, without a cookie: `prompt=none`. */
export async function examineRedirect(
  subject: Subject,
  auth: Config['auth'],
  oidc: NonNullable<Config['auth']['oidc']>,
): Promise<Finding> {
  const origin = configOf(subject, (key) => key === 'PUBLIC_ORIGIN')?.publicOrigin;
  if (origin === undefined) return skipped('openid_redirect', 'PUBLIC_ORIGIN comes first.');
  const callback = `${origin}/billing/callback`;
  const client = createOidc(auth, oidc, createProvider(auth.issuer ?? ''));
  const { url } = await client.begin('none', callback, subject.now);
  const answer = await answerOf(url, callback);
  switch (answer.kind) {
    case 'back':
      return judge(answer.error, callback);
    case 'refused':
      return failure(
        'openid_redirect',
        `The provider refuses the request with an error page (${answer.status}): it does not know the client or the address.`,
        `Register ${callback} as redirect address of the client ${oidc.clientId}, exactly so, and as the address after signing out.`,
      );
    case 'unclear':
      return warning(
        'openid_redirect',
        `It does not show from outside: ${answer.found}.`,
        `Sign in once at ${origin}/billing. ${callback} must be registered as redirect address.`,
      );
    default:
      return answer satisfies never;
  }
}

function judge(error: string | null, callback: string): Finding {
  if (error === null || PAGE_NEEDED.has(error)) {
    return ok('openid_redirect', `${callback} is registered.`);
  }
  const remedy = Object.hasOwn(REMEDIES, error) ? REMEDIES[error] : undefined;
  if (remedy !== undefined) {
    return failure('openid_redirect', `The provider answers ${error}.`, remedy);
  }
  return warning(
    'openid_redirect',
    `${callback} is registered, but the provider answers with an error of its own.`,
    'Look it up in the provider’s log.',
  );
}

/** Follows the provider's own redirects, to our address or to a page. */
async function answerOf(first: URL, callback: string): Promise<Answer> {
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
      return { kind: 'back', error: next.searchParams.get('error') };
    }
    url = next;
  }
  return unclear('the provider redirects too often');
}

const unclear = (found: string): Answer => ({ kind: 'unclear', found });
