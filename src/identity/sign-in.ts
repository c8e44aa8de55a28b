import type { Config } from '../config/config.ts';
import { once } from '../once.ts';
import type { Oidc } from './oidc.ts';
import type { Provider } from './provider.ts';
import { createSeal, type Seal } from './sealed.ts';
import { createPrincipalSeal, type PrincipalSeal } from './principal-seal.ts';

// A provider's own session lasts longer. Ours is short, because nobody tells us when that one ends.
const SESSION_SECONDS = 15 * 60;
export const SWITCH_SECONDS = 10 * 60;

/** What signing in at the provider takes. Each kind of value has a seal of its own. */
export type SignInAtProvider = {
  /** Loaded for the first who signs in. */
  oidc: () => Promise<Oidc>;
  /** For what is remembered between the way to the provider and the way back. */
  attempts: Seal;
  sessions: PrincipalSeal;
  /** For somebody who takes another's place as soon as they agree to it. */
  switches: PrincipalSeal;
};

/** Undefined unless the settings make the Worker a client of the provider. */
export function createSignIn(
  { auth, linkSecrets }: Config,
  provider: Provider,
): SignInAtProvider | undefined {
  const { oidc: client } = auth;
  if (!client) return undefined;
  const { subjects, roles } = auth.claims;
  const settings = JSON.stringify([subjects, roles]);
  const seal = (typ: string, seconds: number) =>
    createPrincipalSeal(typ, seconds, linkSecrets, settings);
  return {
    oidc: once(async () => (await import('./oidc.ts')).createOidc(auth, client, provider)),
    attempts: createSeal('portal-link-attempt+jwt', linkSecrets),
    sessions: seal('portal-link-account+jwt', SESSION_SECONDS),
    switches: seal('portal-link-switch+jwt', SWITCH_SECONDS),
  };
}
