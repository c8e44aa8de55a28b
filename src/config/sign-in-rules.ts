import * as v from 'valibot';
import { entries } from './entries.ts';
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
import { parseSecureUrl } from './secure-url.ts';

type Name = ProviderName | undefined;

const lacks = (name: Name, setting: 'AUTH_DOMAIN' | 'AUTH_TENANT', value: string | undefined) => {
  const needs: string[] = name === undefined ? [] : PRESETS[name].needs;
  return needs.includes(setting) && value === undefined;
};

// Entra ID's documents name the directory by this id alone, whatever it was asked by.
const DIRECTORY = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** All settings, with what must hold between those that say where people sign in. */
export const signInRules = v.pipe(
  entries,
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_DOMAIN']],
      (env) => !lacks(env.AUTH_PROVIDER, 'AUTH_DOMAIN', env.AUTH_DOMAIN),
      needsDomain,
    ),
    ['AUTH_DOMAIN'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_TENANT']],
      (env) => !lacks(env.AUTH_PROVIDER, 'AUTH_TENANT', env.AUTH_TENANT),
      needsTenant,
    ),
    ['AUTH_TENANT'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_TENANT']],
      ({ AUTH_PROVIDER: name, AUTH_TENANT: tenant }) =>
        name !== 'entra' || tenant === undefined || DIRECTORY.test(tenant),
      needsDirectory,
    ),
    ['AUTH_TENANT'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_DOMAIN'], ['AUTH_TENANT']],
      (env) =>
        env.AUTH_PROVIDER !== undefined ||
        (env.AUTH_DOMAIN === undefined && env.AUTH_TENANT === undefined),
      needsProvider,
    ),
    ['AUTH_PROVIDER'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_SUBJECT_CLAIM']],
      (env) => env.AUTH_PROVIDER !== 'entra' || !env.AUTH_SUBJECT_CLAIM?.includes('email'),
      needsOtherSubject,
    ),
    ['AUTH_SUBJECT_CLAIM'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_PROVIDER'], ['AUTH_CLIENT_ID']],
      (env) =>
        env.AUTH_CLIENT_ID === undefined ||
        env.AUTH_PROVIDER === undefined ||
        !('isNoProvider' in PRESETS[env.AUTH_PROVIDER]),
      needsSigningIn,
    ),
    ['AUTH_CLIENT_ID'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['AUTH_PROVIDER'], ['AUTH_ISSUER']],
      (env) =>
        (env.AUTH_CLIENT_ID === undefined && env.AUTH_PROVIDER === undefined) ||
        env.AUTH_ISSUER === undefined ||
        parseSecureUrl(env.AUTH_ISSUER) !== null,
      needsIssuerAddress,
    ),
    ['AUTH_ISSUER'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['AUTH_ISSUER'], ['AUTH_PROVIDER']],
      (env) =>
        env.AUTH_CLIENT_ID === undefined ||
        env.AUTH_ISSUER !== undefined ||
        env.AUTH_PROVIDER !== undefined,
      needsIssuer,
    ),
    ['AUTH_ISSUER'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['AUTH_CLIENT_SECRET']],
      (env) => env.AUTH_CLIENT_SECRET === undefined || env.AUTH_CLIENT_ID !== undefined,
      needsClient,
    ),
    ['AUTH_CLIENT_ID'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['LINK_SECRET']],
      (env) => env.AUTH_CLIENT_ID === undefined || env.LINK_SECRET !== undefined,
      needsLinks,
    ),
    ['LINK_SECRET'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['PUBLIC_ORIGIN']],
      (env) => env.AUTH_CLIENT_ID === undefined || env.PUBLIC_ORIGIN !== undefined,
      needsOwnOrigin,
    ),
    ['PUBLIC_ORIGIN'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['AUTH_JWT_SECRET']],
      (env) => env.AUTH_CLIENT_ID === undefined || env.AUTH_JWT_SECRET === undefined,
      needsNoSecret,
    ),
    ['AUTH_JWT_SECRET'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_CLIENT_ID'], ['SIGN_IN_URL']],
      (env) => env.AUTH_CLIENT_ID === undefined || env.SIGN_IN_URL === undefined,
      needsNoSignIn,
    ),
    ['SIGN_IN_URL'],
  ),
);
