import type { AuthorizationServer } from 'oauth4webapi';
import { parseSecureUrl } from '../config/secure-url.ts';

/** What an OpenID provider says about itself, checked: these endpoints are there, and https. */
export type Metadata = AuthorizationServer & {
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
};

const FETCH_MILLISECONDS = 3_000;

/** Where the metadata of an issuer is (OpenID Connect Discovery 1.0 §4). */
export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** Fetches a provider's metadata. Throws an error that says what is wrong with it. */
export async function fetchMetadata(issuer: string): Promise<Metadata> {
  return readMetadata(issuer, await requestMetadata(issuer));
}

export async function requestMetadata(issuer: string): Promise<Response> {
  if (!parseSecureUrl(issuer)) throw new Error('the issuer is no https address');
  return fetch(discoveryAddress(issuer), {
    headers: { accept: 'application/json' },
    // It names the endpoints that secrets go to: it comes from the issuer's address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
  });
}

export async function readMetadata(issuer: string, response: Response): Promise<Metadata> {
  if (response.status !== 200) throw new Error(`the address answers ${response.status}`);
  const { processDiscoveryResponse } = await import('./discovery-response.ts');
  const metadata = await processDiscoveryResponse(new URL(issuer), response);
  // The library compares addresses, for which a slash at the end makes no difference. Tokens do.
  if (metadata.issuer !== issuer) throw new Error(`it is of the issuer ${metadata.issuer}`);
  if (metadata.end_session_endpoint !== undefined) secure(metadata, 'end_session_endpoint');
  return {
    ...metadata,
    authorization_endpoint: secure(metadata, 'authorization_endpoint'),
    token_endpoint: secure(metadata, 'token_endpoint'),
    jwks_uri: secure(metadata, 'jwks_uri'),
  };
}

function secure(
  metadata: AuthorizationServer,
  name: 'authorization_endpoint' | 'token_endpoint' | 'jwks_uri' | 'end_session_endpoint',
): string {
  const { [name]: address } = metadata;
  if (address !== undefined && parseSecureUrl(address)) return address;
  throw new Error(`its ${name} is missing or not https`);
}
