import { PRESETS, type ProviderName } from './providers.ts';
import {
  needsClient,
  needsDirectory,
  needsDomain,
  needsIssuer,
  needsIssuerAddress,
  needsLinks,
  needsNoSecret,
  needsNoSignIn,
  needsOtherSubject,
  needsOwnOrigin,
  needsProvider,
  needsSigningIn,
  needsTenant,
} from './remedies.ts';
import { rule, type Rule } from './rule.ts';
import { parseSecureUrl } from './secure-url.ts';

type Name = ProviderName | undefined;

const lacks = (name: Name, setting: 'AUTH_DOMAIN' | 'AUTH_TENANT', value: string | undefined) => {
  const needs: string[] = name === undefined ? [] : PRESETS[name].needs;
  return needs.includes(setting) && value === undefined;
};

// Entra ID's documents name the directory by this id alone, whatever it was asked by.
const DIRECTORY = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What must hold between the settings that say where people sign in. */
export const signInRules: Rule[] = [
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_DOMAIN'],
    setting: 'AUTH_DOMAIN',
    holds: (env) => !lacks(env.AUTH_PROVIDER, 'AUTH_DOMAIN', env.AUTH_DOMAIN),
    remedy: needsDomain,
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_TENANT'],
    setting: 'AUTH_TENANT',
    holds: (env) => !lacks(env.AUTH_PROVIDER, 'AUTH_TENANT', env.AUTH_TENANT),
    remedy: needsTenant,
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_TENANT'],
    setting: 'AUTH_TENANT',
    holds: ({ AUTH_PROVIDER: name, AUTH_TENANT: tenant }) =>
      name !== 'entra' || tenant === undefined || DIRECTORY.test(tenant),
    remedy: needsDirectory,
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_DOMAIN', 'AUTH_TENANT'],
    setting: 'AUTH_PROVIDER',
    holds: (env) =>
      env.AUTH_PROVIDER !== undefined ||
      (env.AUTH_DOMAIN === undefined && env.AUTH_TENANT === undefined),
    remedy: needsProvider,
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_SUBJECT_CLAIM'],
    setting: 'AUTH_SUBJECT_CLAIM',
    holds: (env) => env.AUTH_PROVIDER !== 'entra' || !env.AUTH_SUBJECT_CLAIM?.includes('email'),
    remedy: needsOtherSubject,
  }),
  rule({
    of: ['AUTH_PROVIDER', 'AUTH_CLIENT_ID'],
    setting: 'AUTH_CLIENT_ID',
    holds: (env) =>
      env.AUTH_CLIENT_ID === undefined ||
      env.AUTH_PROVIDER === undefined ||
      !('isNoProvider' in PRESETS[env.AUTH_PROVIDER]),
    remedy: needsSigningIn,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'AUTH_PROVIDER', 'AUTH_ISSUER'],
    setting: 'AUTH_ISSUER',
    holds: (env) =>
      (env.AUTH_CLIENT_ID === undefined && env.AUTH_PROVIDER === undefined) ||
      env.AUTH_ISSUER === undefined ||
      parseSecureUrl(env.AUTH_ISSUER) !== null,
    remedy: needsIssuerAddress,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'AUTH_ISSUER', 'AUTH_PROVIDER'],
    setting: 'AUTH_ISSUER',
    holds: (env) =>
      env.AUTH_CLIENT_ID === undefined ||
      env.AUTH_ISSUER !== undefined ||
      env.AUTH_PROVIDER !== undefined,
    remedy: needsIssuer,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'AUTH_CLIENT_SECRET'],
    setting: 'AUTH_CLIENT_ID',
    holds: (env) => env.AUTH_CLIENT_SECRET === undefined || env.AUTH_CLIENT_ID !== undefined,
    remedy: needsClient,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'LINK_SECRET'],
    setting: 'LINK_SECRET',
    holds: (env) => env.AUTH_CLIENT_ID === undefined || env.LINK_SECRET !== undefined,
    remedy: needsLinks,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'PUBLIC_ORIGIN'],
    setting: 'PUBLIC_ORIGIN',
    holds: (env) => env.AUTH_CLIENT_ID === undefined || env.PUBLIC_ORIGIN !== undefined,
    remedy: needsOwnOrigin,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'AUTH_JWT_SECRET'],
    setting: 'AUTH_JWT_SECRET',
    holds: (env) => env.AUTH_CLIENT_ID === undefined || env.AUTH_JWT_SECRET === undefined,
    remedy: needsNoSecret,
  }),
  rule({
    of: ['AUTH_CLIENT_ID', 'SIGN_IN_URL'],
    setting: 'SIGN_IN_URL',
    holds: (env) => env.AUTH_CLIENT_ID === undefined || env.SIGN_IN_URL === undefined,
    remedy: needsNoSignIn,
  }),
];
