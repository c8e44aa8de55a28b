import * as v from 'valibot';
import {
  needsRoleSource,
  needsSessionRole,
  needsSingleOwner,
  needsSingleSubject,
} from './remedies.ts';
import { sessionRules } from './session-rules.ts';
import { claimsOfSite, sessionUrl } from './site-session.ts';

/** All settings, with what must hold between those that say who may bill. */
export const accessRules = v.pipe(
  sessionRules,
  v.forward(
    v.partialCheck(
      [
        ['AUTH_BILLING_ROLES'],
        ['AUTH_ROLE_CLAIM'],
        ['AUTH_PROVIDER'],
        ['AUTH_JWKS_URL'],
        ['AUTH_JWT_SECRET'],
        ['AUTHJS_SECRET'],
        ['AUTH_CLIENT_ID'],
      ],
      (env) =>
        env.AUTH_BILLING_ROLES === undefined ||
        env.AUTH_ROLE_CLAIM !== undefined ||
        (env.AUTH_PROVIDER === undefined &&
          env.AUTH_JWKS_URL === undefined &&
          env.AUTH_JWT_SECRET === undefined &&
          env.AUTHJS_SECRET === undefined &&
          env.AUTH_CLIENT_ID === undefined),
      needsRoleSource,
    ),
    ['AUTH_ROLE_CLAIM'],
  ),
  v.forward(
    v.partialCheck(
      [
        ['AUTH_BILLING_ROLES'],
        ['SESSION_CLAIMS'],
        ['SESSION_PRESET'],
        ['SESSION_URL'],
        ['PUBLIC_ORIGIN'],
      ],
      (env) =>
        env.AUTH_BILLING_ROLES === undefined ||
        sessionUrl(env) === null ||
        claimsOfSite(env)['role'] !== undefined,
      needsSessionRole,
    ),
    ['SESSION_CLAIMS'],
  ),
  v.forward(
    v.partialCheck(
      [['SESSION_CLAIMS'], ['SESSION_PRESET']],
      (env) => {
        const { org_id: organisation, customer } = claimsOfSite(env);
        return organisation === undefined || customer === undefined;
      },
      needsSingleOwner,
    ),
    ['SESSION_CLAIMS'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTH_SUBJECT_CLAIM'], ['AUTH_CUSTOMER_CLAIM']],
      (env) => env.AUTH_CUSTOMER_CLAIM === undefined || (env.AUTH_SUBJECT_CLAIM?.length ?? 1) === 1,
      needsSingleSubject,
    ),
    ['AUTH_CUSTOMER_CLAIM'],
  ),
);
