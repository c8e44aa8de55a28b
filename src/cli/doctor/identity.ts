import type { JWK } from 'jose';
import type { Config } from '../../config/config.ts';
import { discoveryAddress, fetchMetadata } from '../../identity/discovery.ts';
import { fetchKeySet, PUBLIC_KEY_ALGORITHMS } from '../../identity/key-set.ts';
import { configOf, problemsOf } from '../settings.ts';
import { failure, ok, skipped, warning, type Finding } from './finding.ts';
import { examineBillingRoles } from './identity-roles.ts';
import type { Subject } from './subject.ts';

export const isAboutKeys = (key: string) =>
  (/^(?:AUTH_|AUTHJS_|SESSION_)/.test(key) && key !== 'AUTH_COOKIE') || key === 'LINK_SECRET';
// The check `settings` looks at these.
const isAboutSite = (key: string) => /^(?:AUTHJS_|SESSION_)/.test(key);

export async function examineIdentity(subject: Subject): Promise<Finding[]> {
  return [
    await examineKeys(subject),
    examineAudience(subject),
    examineParties(subject),
    examineBillingRoles(subject),
  ];
}

/** What is wrong with the settings of keys; undefined if nothing is. */
export function examineKeySettings(subject: Subject): Finding | undefined {
  if (configOf(subject, isAboutKeys)) return undefined;
  const problems = problemsOf(subject, (key) => isAboutKeys(key) && !isAboutSite(key));
  if (problems.length === 0) return skipped('identity_keys', 'The settings come first.');
  const names = problems.map(({ key }) => key).join(', ');
  const remedies = problems.map(({ key, remedy }) => `${key}: ${remedy}`).join(' ');
  return failure('identity_keys', `${names} is missing or cannot be used.`, remedies);
}

async function examineKeys(subject: Subject): Promise<Finding> {
  const config = configOf(subject, isAboutKeys);
  if (!config) {
    return examineKeySettings(subject) ?? skipped('identity_keys', 'The settings come first.');
  }
  const { keys } = config.auth;
  switch (keys.kind) {
    case 'jwks':
      return examineKeySet(keys.url);
    case 'discovered':
      return examineDiscovered(config.auth);
    case 'secret':
      return ok('identity_keys', 'HS256 with AUTH_JWT_SECRET.');
    case 'none':
      return ok('identity_keys', withoutKeys(config.auth, subject));
    default:
      return keys satisfies never;
  }
}

async function examineDiscovered({ issuer = '', oidc }: Config['auth']): Promise<Finding> {
  try {
    const { jwks_uri: address } = await fetchMetadata(issuer);
    return await examineKeySet(new URL(address));
  } catch (error) {
    // The checks of the provider name the reason.
    if (oidc) return skipped('identity_keys', 'The discovery document comes first.');
    const reason = error instanceof Error ? error.message : 'unknown';
    return failure(
      'identity_keys',
      `The provider's discovery document cannot be used: ${reason}.`,
      `Open ${discoveryAddress(issuer)} : it should name ${issuer} as its issuer. Check AUTH_PROVIDER, AUTH_DOMAIN, AUTH_TENANT or AUTH_ISSUER.`,
    );
  }
}

function withoutKeys({ cookieFormat, site }: Config['auth'], { target }: Subject): string {
  if (cookieFormat.kind === 'authjs') return 'The secret of Auth.js (AUTHJS_SECRET).';
  if (site) return `None: ${site.url.host} is asked who a visitor is.`;
  return target.isMount
    ? 'None: the app says who a visitor is (identify).'
    : 'None: people come by signed links alone (LINK_SECRET).';
}

/** Whether people come by links alone, whether signed by the site or mailed on request. */
export function isWithoutAccounts(subject: Subject): boolean {
  const auth = configOf(subject, isAboutKeys)?.auth;
  const asks = subject.target.isMount || auth?.site || auth?.cookieFormat.kind === 'authjs';
  return !asks && auth?.keys.kind === 'none';
}

// Clerk's session tokens have no `aud`.
const NAMES_NO_AUDIENCE = /^https:\/\/clerk\.|\.clerk\.accounts\.dev$/;

export function examineAudience(subject: Subject): Finding {
  const auth = configOf(subject, isAboutKeys)?.auth;
  if (!auth) return skipped('identity_audience', 'The settings of the keys come first.');
  if (auth.audience !== undefined) return ok('identity_audience', auth.audience);
  if (auth.keys.kind !== 'jwks' || NAMES_NO_AUDIENCE.test(auth.issuer ?? '')) {
    return ok('identity_audience', 'None: only tokens without an `aud` count.');
  }
  return warning(
    'identity_audience',
    'AUTH_AUDIENCE is not set: tokens that have an `aud` are refused.',
    'Set it to the `aud` of your tokens. If they have none, leave it empty.',
  );
}

// Providers whose tokens for a site's own API are OAuth access tokens (RFC 9068, or `client_id`).
const ISSUES_ACCESS_TOKENS =
  /\.auth0\.com\/?$|^https:\/\/cognito-idp\.|\.okta\.com|microsoftonline\.com|\/realms\/[^/]+$/;

export function examineParties(subject: Subject): Finding {
  const auth = configOf(subject, isAboutKeys)?.auth;
  if (!auth) return skipped('identity_parties', 'The settings of the keys come first.');
  const { issuer = '', claims } = auth;
  const parties = claims.authorizedParties;
  if (!parties && !auth.oidc && ISSUES_ACCESS_TOKENS.test(issuer)) {
    return warning(
      'identity_parties',
      'AUTH_AUTHORIZED_PARTIES is not set: access tokens of this provider are refused if they name their client.',
      'Set it to the client id of your application, and AUTH_AUDIENCE to your API.',
    );
  }
  const none = 'None: tokens that name a client other than their audience are refused.';
  return ok('identity_parties', parties?.join(', ') ?? none);
}

async function examineKeySet(url: URL): Promise<Finding> {
  try {
    const { keys, unusable } = await fetchKeySet(url);
    const passedOver = unusable.filter(({ use }) => use !== 'enc').map(nameOf);
    const next = `Let the provider sign with one of ${PUBLIC_KEY_ALGORITHMS.join(', ')}; RSA keys need 2048 bits.`;
    if (keys.length === 0) {
      const found = `None of the keys can verify tokens: ${unusable.map(nameOf).join(', ')}.`;
      return failure('identity_keys', found, next);
    }
    const names = [...new Set(keys.map(nameOf))].join(', ');
    const found = `${keys.length} in the key set: ${names}.`;
    if (passedOver.length === 0) return ok('identity_keys', found);
    return warning('identity_keys', `${found} Passed over: ${passedOver.join(', ')}.`, next);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    return failure(
      'identity_keys',
      `AUTH_JWKS_URL gives no keys: ${reason}.`,
      `Open ${url.origin}${url.pathname} : it should show {"keys": […]}. Providers call it jwks_uri in /.well-known/openid-configuration.`,
    );
  }
}

/** A key by its algorithm, or else by its family, and by its id. */
function nameOf({ alg, kty, crv, kid }: JWK): string {
  const name = alg ?? [kty ?? 'unknown', crv].filter(Boolean).join(' ');
  return kid === undefined ? name : `${name} (${kid})`;
}
