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
import {
  isOfClient,
  refusalOfAnswer,
  refusalOfExchange,
  type SignInRefusal,
} from './oidc-errors.ts';

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
  { state, isSilent }: { state: string; isSilent: boolean },
): { kind: 'code'; parameters: URLSearchParams } | SignInRefusal {
  try {
    return { kind: 'code', parameters: validateAuthResponse(server, client, answer, state) };
  } catch (error) {
    return refusalOfAnswer(error, isSilent);
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
  const exchange = async (authentication: ClientAuth) => {
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      parameters,
      redirectUri,
      verifier,
      {
        signal: AbortSignal.timeout(EXCHANGE_MILLISECONDS),
        // Only a provider on loopback is http: discovery.ts refuses others.
        [allowInsecureRequests]: server.token_endpoint.startsWith('http:'),
      },
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    return processAuthorizationCodeResponse(server, client, response, expected);
  };
  try {
    const [first, second] = authenticationsAt(server, secret);
    const tokens = await exchange(first).catch(async (error: unknown) => {
      if (second && isOfClient(error)) return exchange(second);
      throw error;
    });
    return { kind: 'id_token', token: tokens.id_token ?? '' };
  } catch (error) {
    return refusalOfExchange(error);
  }
}

/**
 * How to send the secret: in the body, because HTTP Basic wants it encoded first (RFC 6749 §2.3.1),
 * which not every provider undoes. A provider can hold a client to one of the two that it takes,
 * and does not say which. It tells a client before it looks at the code.
 */
function authenticationsAt(
  server: Metadata,
  secret: string | undefined,
): [ClientAuth, ...ClientAuth[]] {
  if (secret === undefined) return [None()];
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const basic = ClientSecretBasic(secret);
  if (!methods.includes('client_secret_post')) return [basic];
  const post = ClientSecretPost(secret);
  return methods.includes('client_secret_basic') ? [post, basic] : [post];
}
