import type { Target } from './target.ts';

const SIGNING_SECRETS = ['LINK_SECRET', 'LINK_API_KEY'];

/**
 * Why a deployed Worker cannot do without PUBLIC_ORIGIN: what signs links or sends mails. Empty if
 * nothing does.
 *
 * @param stored  names of the secrets that Cloudflare keeps for the Worker
 */
export function originNeeds(target: Target, stored: ReadonlySet<string>): string[] {
  const { variables, requiredSecrets, emailBindings } = target;
  const secrets = SIGNING_SECRETS.filter(
    (name) => variables[name] || requiredSecrets.includes(name) || stored.has(name),
  );
  return [...secrets, ...(emailBindings.includes('EMAIL') ? ['the binding EMAIL'] : [])];
}
