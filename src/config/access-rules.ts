import {
  needsRoleSource,
  needsSessionRole,
  needsSingleOwner,
  needsSingleSubject,
} from './remedies.ts';
import { rule, type Rule } from './rule.ts';
import { claimsOfSite, sessionUrl } from './site-session.ts';

/** What must hold between the settings that say who may bill. */
export const accessRules: Rule[] = [
  rule({
    of: [
      'AUTH_BILLING_ROLES',
      'AUTH_ROLE_CLAIM',
      'AUTH_PROVIDER',
      'AUTH_JWKS_URL',
      'AUTH_JWT_SECRET',
      'AUTHJS_SECRET',
      'AUTH_CLIENT_ID',
    ],
    setting: 'AUTH_ROLE_CLAIM',
    holds: (env) =>
      env.AUTH_BILLING_ROLES === undefined ||
      env.AUTH_ROLE_CLAIM !== undefined ||
      (env.AUTH_PROVIDER === undefined &&
        env.AUTH_JWKS_URL === undefined &&
        env.AUTH_JWT_SECRET === undefined &&
        env.AUTHJS_SECRET === undefined &&
        env.AUTH_CLIENT_ID === undefined),
    remedy: needsRoleSource,
  }),
  rule({
    of: ['AUTH_BILLING_ROLES', 'SESSION_CLAIMS', 'SESSION_PRESET', 'SESSION_URL', 'PUBLIC_ORIGIN'],
    setting: 'SESSION_CLAIMS',
    holds: (env) =>
      env.AUTH_BILLING_ROLES === undefined ||
      sessionUrl(env) === null ||
      claimsOfSite(env)['role'] !== undefined,
    remedy: needsSessionRole,
  }),
  rule({
    of: ['SESSION_CLAIMS', 'SESSION_PRESET'],
    setting: 'SESSION_CLAIMS',
    holds: (env) => {
      const { org_id: organisation, customer } = claimsOfSite(env);
      return organisation === undefined || customer === undefined;
    },
    remedy: needsSingleOwner,
  }),
  rule({
    of: ['AUTH_SUBJECT_CLAIM', 'AUTH_CUSTOMER_CLAIM'],
    setting: 'AUTH_CUSTOMER_CLAIM',
    holds: (env) =>
      env.AUTH_CUSTOMER_CLAIM === undefined || (env.AUTH_SUBJECT_CLAIM?.length ?? 1) === 1,
    remedy: needsSingleSubject,
  }),
];
