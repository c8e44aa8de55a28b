import * as v from 'valibot';
import { isProviderName, type ProviderName } from './providers.ts';
import {
  needsAuthjsSecret,
  needsJwksUrl,
  needsJwtSecret,
  needsParties,
  needsContact,
  needsProvider,
  needsRoleClaim,
  needsRoles,
  needsScopes,
  needsSessionClaims,
  needsSessionCookies,
  needsSessionHost,
  needsSessionUrl,
  needsSite,
  needsSubject,
  needsUnwritable,
} from './remedies.ts';
import {
  address,
  claimPaths,
  commaSeparated,
  isWritable,
  matching,
  sharedSecrets,
  addressOrPath,
  text,
} from './kinds.ts';
import { isSiteName, type SiteName } from './site-session.ts';

/** The settings that say who a visitor is. */
export const identityEntries = {
  AUTH_PROVIDER: () => v.custom<ProviderName>(isProviderName, needsProvider),
  AUTH_DOMAIN: () =>
    matching(/^[a-z\d.-]+(?::\d+)?$/i, 'write a host only, such as example.eu.auth0.com.'),
  AUTH_TENANT: () => matching(/^[\w.-]+$/, 'use letters, digits, dots, dashes and _ only.'),
  AUTH_CLIENT_ID: () => text('set it to the client id that your provider gave this Worker.'),
  AUTH_CLIENT_SECRET: () => text('set it to the client secret that your provider gave.'),
  AUTH_SCOPES: () =>
    v.pipe(
      text(needsScopes),
      v.check((scopes) => scopes.split(/\s+/).includes('openid'), needsScopes),
    ),
  AUTH_JWKS_URL: () =>
    v.pipe(
      address(needsJwksUrl),
      v.transform((value) => new URL(value)),
    ),
  AUTH_JWT_SECRET: () => sharedSecrets(needsJwtSecret),
  AUTH_ISSUER: () => text('set it to the `iss` of your tokens, exactly as they carry it.'),
  AUTH_AUDIENCE: () => text('set it to the `aud` of your tokens, exactly as they carry it.'),
  AUTH_AUTHORIZED_PARTIES: () => commaSeparated(text(needsParties), needsParties),
  AUTH_COOKIE: () =>
    matching(/^[\w!#$%&'*+.^`|~-]+$/, 'set it to the name of the cookie that holds the token.'),
  AUTH_SUBJECT_CLAIM: () =>
    v.pipe(
      commaSeparated(text(needsSubject), needsSubject),
      v.tupleWithRest([v.string()], v.string()),
      v.check((claims) => !claims.some(isWritable), needsUnwritable),
    ),
  AUTH_ROLE_CLAIM: () =>
    v.pipe(
      text(needsRoleClaim),
      v.check((claim) => !isWritable(claim), needsUnwritable),
    ),
  AUTH_BILLING_ROLES: () => commaSeparated(text(needsRoles), needsRoles),
  BILLING_CONTACT: () => v.pipe(text(needsContact), v.maxLength(120, needsContact)),
  AUTH_CUSTOMER_CLAIM: () =>
    v.pipe(
      text('name the claim in which your site signs the id of the Stripe customer.'),
      v.check((claim) => !isWritable(claim), needsUnwritable),
    ),
  AUTHJS_SECRET: () => sharedSecrets(needsAuthjsSecret),
  SESSION_PRESET: () => v.custom<SiteName>(isSiteName, needsSite),
  SESSION_URL: () => addressOrPath(needsSessionUrl),
  SESSION_HOST: () => matching(/^[a-z\d.-]+(?::\d+)?$/i, needsSessionHost),
  SESSION_COOKIES: () =>
    commaSeparated(matching(/^[\w!#$%&'+.^`|~-]+\*?$/, needsSessionCookies), needsSessionCookies),
  SESSION_CLAIMS: () => claimPaths(needsSessionClaims),
};
