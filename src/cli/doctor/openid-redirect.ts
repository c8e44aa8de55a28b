import type { Config } from '../../config/config.ts';
import { probeClient } from '../client-probe.ts';
import { configOf } from '../settings.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

// RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6: what the operator can mend.
const REMEDIES: Readonly<Record<string, string>> = {
  unauthorized_client: 'Allow this client the authorization code flow at your provider.',
  invalid_client: 'Compare AUTH_CLIENT_ID with the client at your provider.',
  unsupported_response_type: 'Allow this client the authorization code flow at your provider.',
  invalid_scope: 'Set AUTH_SCOPES to scopes that this client may ask for.',
  invalid_request: 'Allow this client PKCE (S256) at your provider; its log says what it refuses.',
};

/** Whether the provider knows the Worker's client and its redirect address. */
export async function examineRedirect(
  subject: Subject,
  auth: Config['auth'],
  oidc: NonNullable<Config['auth']['oidc']>,
): Promise<Finding> {
  const origin = configOf(subject, (key) => key === 'PUBLIC_ORIGIN')?.publicOrigin;
  if (origin === undefined) return skipped('openid_redirect', 'PUBLIC_ORIGIN comes first.');
  const callback = `${origin}/billing/callback`;
  const answer = await probeClient(auth, oidc, callback, subject.now);
  switch (answer.kind) {
    case 'known':
      return ok('openid_redirect', `${callback} is registered.`);
    case 'error':
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

function judge(error: string, callback: string): Finding {
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
