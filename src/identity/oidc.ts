import {
  calculatePKCECodeChallenge,
  clockTolerance,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  type Client,
} from 'oauth4webapi';
import type { Config } from '../config/config.ts';
import { toPrincipal } from './claims.ts';
import type { Metadata } from './discovery.ts';
import type { ClaimsRefusal } from './requirements.ts';
import { createTokenVerifier, type TokenRefusal } from './jwt.ts';
import { codeIn, exchangeCode } from './oidc-exchange.ts';
import type { SignInRefusal } from './oidc-errors.ts';
import type { Principal } from './principal.ts';
import type { Provider } from './provider.ts';

/** What must be remembered between the way to the provider and the way back. */
export type Attempt = {
  state: string;
  nonce: string;
  verifier: string;
  /** The provider was asked not to show a page (`prompt=none`). */
  isSilent: boolean;
};

/** What the provider is asked for: its usual way, no page at all, or another account. */
export type Prompt = undefined | 'none' | 'another';

type TokenReason = TokenRefusal | ClaimsRefusal | 'expired';

export type SignIn =
  | { kind: 'signed_in'; principal: Principal }
  | { kind: 'token_refused'; reason: TokenReason }
  | SignInRefusal;

/** Signing in at an OpenID provider: authorization code with PKCE (RFC 9700 §2.1.1). */
export type Oidc = {
  /** @throws BillingError `identity_provider_unavailable` */
  begin(prompt: Prompt, redirectUri: string, now: Date): Promise<{ url: URL; attempt: Attempt }>;
  /**
   * Checks the provider's answer, and exchanges the code for an ID token.
   *
   * @throws BillingError `identity_provider_unavailable`, `sign_in_failed`
   */
  finish(
    answer: URLSearchParams,
    attempt: Attempt,
    redirectUri: string,
    now: Date,
  ): Promise<SignIn>;
  /** Whether the provider can answer without a page. */
  canRenew(now: Date): Promise<boolean>;
  /** Where the provider ends its own session; undefined if it has no such address. */
  signOutUrl(returnTo: string, now: Date): Promise<string | undefined>;
};

const CLOCK_SKEW_SECONDS = 60;
const CHOOSE = 'select_account';

export function createOidc(
  auth: Config['auth'],
  { clientId, clientSecret, scopes }: NonNullable<Config['auth']['oidc']>,
  { metadata, keys }: Provider,
): Oidc {
  const client: Client = { client_id: clientId, [clockTolerance]: CLOCK_SKEW_SECONDS };
  const verify = createTokenVerifier([keys], { issuer: auth.issuer, audience: clientId });
  const claims = {
    ...auth.claims,
    isStrict: true,
    hasAudience: true,
    authorizedParties: [clientId],
  };

  return {
    async begin(prompt, redirectUri, now) {
      const server = await metadata.at(now.getTime());
      const attempt: Attempt = {
        state: generateRandomState(),
        nonce: generateRandomNonce(),
        verifier: generateRandomCodeVerifier(),
        isSilent: prompt === 'none',
      };
      const url = new URL(server.authorization_endpoint);
      const parameters = {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: scopes,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        ...(prompt && { prompt: prompt === 'none' ? prompt : promptForAnother(server) }),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { url, attempt };
    },

    async finish(answer, attempt, redirectUri, now) {
      const server = await metadata.at(now.getTime());
      const code = codeIn(answer, server, client, attempt);
      if (code.kind !== 'code') return code;
      const exchange = await exchangeCode(code.parameters, server, client, clientSecret, {
        ...attempt,
        redirectUri,
      });
      if (exchange.kind !== 'id_token') return exchange;
      // The library trusts the connection. We verify the signature, too, as with any other token.
      const verification = await verify(exchange.token, now);
      if (verification.kind === 'expired') return refused('expired');
      if (verification.kind === 'refused') return refused(verification.reason);
      const reading = toPrincipal(verification.claims, claims);
      if (reading.kind === 'refused') return refused(reading.reason);
      return { kind: 'signed_in', principal: reading.principal };
    },

    async canRenew(now) {
      const { prompt_values_supported: prompts } = await metadata.at(now.getTime());
      return !Array.isArray(prompts) || prompts.includes('none');
    },

    async signOutUrl(returnTo, now) {
      const { end_session_endpoint: endpoint } = await metadata.at(now.getTime());
      if (endpoint === undefined) return undefined;
      const url = new URL(endpoint);
      // OpenID Connect RP-Initiated Logout 1.0 §2: without an id_token_hint, `client_id` says who asks.
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('post_logout_redirect_uri', returnTo);
      // Amazon Cognito's name for it; without it, its answer is an error.
      url.searchParams.set('logout_uri', returnTo);
      return url.href;
    },
  };
}

/** OpenID Connect Core 1.0 §3.1.2.1. Google and Entra ID know this one, and do not say so. */
function promptForAnother({ issuer, prompt_values_supported: prompts }: Metadata): string {
  if (Array.isArray(prompts)) return prompts.includes(CHOOSE) ? CHOOSE : 'login';
  const knows = /^https:\/\/(?:accounts\.google\.com|login\.microsoftonline\.com)(?:\/|$)/;
  return knows.test(issuer) ? CHOOSE : 'login';
}

const refused = (reason: TokenReason): SignIn => ({ kind: 'token_refused', reason });
