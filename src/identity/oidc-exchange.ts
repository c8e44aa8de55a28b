import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretBasic,
  ClientSecretPost,
  None,
  processAuthorizationCodeResponse,
  validateAuthResponse,
  type Client,
  type ClientAuth,
} from 'oauth4webapi';
import type { Metadata } from './discovery.ts';
import { refusalOfAnswer, refusalOfExchange, type SignInRefusal } from './oidc-errors.ts';

const EXCHANGE_MILLISECONDS = 5_000;

/**
 * The code in the provider's answer. Checks the issuer (RFC 9207), the state, and then whether the
 * answer is an error.
 *
 * @throws BillingError `identity_provider_unavailable`, `sign_in_failed`
 */
export function codeIn(
  answer: URLSearchParams,
  server: Metadata,
  client: Client,
  { state }: { state: string },
): { kind: 'code'; parameters: URLSearchParams } | SignInRefusal {
  try {
    return { kind: 'code', parameters: validateAuthResponse(server, client, answer, state) };
  } catch (error) {
    return refusalOfAnswer(error);
  }
}

/**
 * Exchanges a code for an ID token, whose issuer, audience, times and nonce are then checked. Its
 * signature is not.
 *
 * @throws BillingError `identity_provider_unavailable`, `sign_in_failed`
 */
export async function exchangeCode(
  parameters: URLSearchParams,
  server: Metadata,
  client: Client,
  secret: string | undefined,
  { nonce, verifier, redirectUri }: { nonce: string; verifier: string; redirectUri: string },
): Promise<{ kind: 'id_token'; token: string } | SignInRefusal> {
  const authentication = authenticationAt(server, secret);
  const options = {
    signal: AbortSignal.timeout(EXCHANGE_MILLISECONDS),
    // Only a provider on loopback is http: discovery.ts refuses others.
    [allowInsecureRequests]: server.token_endpoint.startsWith('http:'),
  };
  try {
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      verifier,
      options,
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await processAuthorizationCodeResponse(server, client, response, expected);
    return { kind: 'id_token', token: tokens.id_token ?? '' };
  } catch (error) {
    return refusalOfExchange(error);
  }
}

/**
 * In the body where the provider takes it there. HTTP Basic wants the id and the secret encoded
 * first (RFC 6749 §2.3.1), which not every provider undoes.
 */
function authenticationAt(server: Metadata, secret: string | undefined): ClientAuth {
  if (secret === undefined) return None();
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_post')
    ? ClientSecretPost(secret)
    : ClientSecretBasic(secret);
}
