import type { Config } from '../../config/config.ts';
import { probeSecret } from '../secret-probe.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

const SECRET =
  'Set AUTH_CLIENT_SECRET to a secret that this client has at the provider. A client that has none must be a public one there.';

const notShown = () =>
  skipped(
    'openid_client',
    'Cloudflare does not show AUTH_CLIENT_SECRET. Give it in the environment to have it tried.',
  );

/** Whether the provider takes the Worker's client with its secret, or without one. */
export async function examineClient(
  subject: Subject,
  auth: Config['auth'],
  oidc: NonNullable<Config['auth']['oidc']>,
): Promise<Finding> {
  const { stored, target } = subject;
  // Without a look at Cloudflare, nothing is known of what is stored.
  const mayBeStored = target.place === 'remote' && stored.size === 0;
  if (oidc.clientSecret === undefined && mayBeStored) return notShown();
  if (stored.has('AUTH_CLIENT_SECRET') && !target.variables['AUTH_CLIENT_SECRET']) {
    return notShown();
  }
  const origin = originOf(subject);
  if (origin === undefined) return skipped('openid_client', 'PUBLIC_ORIGIN comes first.');
  const answer = await probeSecret(auth, oidc, `${origin}/billing/callback`, subject.now);
  const which = oidc.clientSecret === undefined ? 'without a secret' : 'with its secret';
  switch (answer.kind) {
    case 'taken':
      return ok('openid_client', `The provider does not refuse ${oidc.clientId} ${which}.`);
    case 'refused':
      return failure(
        'openid_client',
        `The provider refuses ${oidc.clientId} ${which}: ${answer.error}.`,
        answer.error === 'unauthorized_client'
          ? `Allow this client the authorization code grant at the provider. ${SECRET}`
          : SECRET,
      );
    case 'unclear':
      return warning(
        'openid_client',
        `Only a sign-in shows whether the provider takes ${oidc.clientId} ${which}: ${answer.found}.`,
        `Sign in once at ${origin}/billing.`,
      );
    default:
      return answer satisfies never;
  }
}
