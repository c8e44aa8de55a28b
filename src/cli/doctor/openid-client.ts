import type { Config } from '../../config/config.ts';
import { probeSecret } from '../client-probe.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

/** Whether the provider takes the Worker's client with its secret, or without one. */
export async function examineClient(
  subject: Subject,
  auth: Config['auth'],
  oidc: NonNullable<Config['auth']['oidc']>,
): Promise<Finding> {
  const { variables } = subject.target;
  if (subject.stored.has('AUTH_CLIENT_SECRET') && !variables['AUTH_CLIENT_SECRET']) {
    return skipped(
      'openid_client',
      'Cloudflare keeps AUTH_CLIENT_SECRET and does not show it. Give it in the environment to have it tried.',
    );
  }
  const origin = originOf(subject);
  if (origin === undefined) return skipped('openid_client', 'PUBLIC_ORIGIN comes first.');
  const answer = await probeSecret(auth, oidc, `${origin}/billing/callback`, subject.now);
  const which = oidc.clientSecret === undefined ? 'without a secret' : 'with its secret';
  switch (answer.kind) {
    case 'taken':
      return ok('openid_client', `The provider takes ${oidc.clientId} ${which}.`);
    case 'refused':
      return failure(
        'openid_client',
        `The provider refuses ${oidc.clientId} ${which}: ${answer.error}.`,
        'Set AUTH_CLIENT_SECRET to a secret that this client has at the provider. A client that has none must be a public one there.',
      );
    case 'unclear':
      return warning(
        'openid_client',
        `It does not show from outside: ${answer.found}`,
        `Sign in once at ${origin}/billing.`,
      );
    default:
      return answer satisfies never;
  }
}
