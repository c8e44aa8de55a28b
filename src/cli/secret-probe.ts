import type { Config } from '../config/config.ts';
import { createOidc } from '../identity/oidc.ts';
import { createProvider } from '../identity/provider.ts';

/** What a provider makes of the client's secret, or of a client without one. */
export type SecretProbe =
  | { kind: 'taken' }
  /** With this error, of RFC 6749 §5.2 or, as at Auth0 and Keycloak, one near it. */
  | { kind: 'refused'; error: string }
  | { kind: 'unclear'; found: string };

type Oidc = NonNullable<Config['auth']['oidc']>;

/**
 * Exchanges a code that the provider never issued, as the Worker would: most providers look at the
 * secret first, so their error says which of both is wrong. A second one with a secret that cannot
 * be right shows those that look at the code first.
 */
export async function probeSecret(
  auth: Config['auth'],
  oidc: Oidc,
  callback: string,
  now: Date,
): Promise<SecretProbe> {
  const answer = await exchange(auth, oidc, callback, now);
  if (answer.kind !== 'taken' || oidc.clientSecret === undefined) return answer;
  const wrong = { ...oidc, clientSecret: crypto.randomUUID() };
  const control = await exchange(auth, wrong, callback, now);
  if (control.kind === 'refused') return answer;
  return unclear('the provider looks at the secret only with a code that it issued');
}

async function exchange(
  auth: Config['auth'],
  oidc: Oidc,
  callback: string,
  now: Date,
): Promise<SecretProbe> {
  const { issuer = '' } = auth;
  const client = createOidc(auth, oidc, createProvider(issuer));
  const code = crypto.randomUUID();
  try {
    const { attempt } = await client.begin('none', callback, now);
    const answer = new URLSearchParams({ code, state: attempt.state, iss: issuer });
    const result = await client.finish(answer, attempt, callback, now);
    const isOfCode = result.kind === 'unfit' && result.reason === 'code';
    return isOfCode ? { kind: 'taken' } : unclear('the provider took a code that nobody issued');
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    const [, refusal] = REFUSED.exec(reason) ?? [];
    return refusal === undefined
      ? unclear(reason.replace(/\.$/, ''))
      : { kind: 'refused', error: refusal };
  }
}

// At the end of what oidc-errors.ts says.
const REFUSED = /: (invalid_client|unauthorized_client|access_denied)\.$/;

const unclear = (found: string) => ({ kind: 'unclear', found }) as const;
