import {
  needsOtherEndpoint,
  needsSessionCookies,
  needsSessionHost,
  needsSessionUrl,
  needsSingleCookie,
} from './remedies.ts';
import { rule, type Rule } from './rule.ts';
import { sessionUrl, SITES } from './site-session.ts';

// A route such as shop.example/billing* takes addresses that only begin so, too.
// The endpoints of recipes are called /api/billing-session.
const OURS = /^\/(?:billing|healthz|api\/stripe|api\/links|api\/billing$|api\/openapi)/;

/** What must hold between the settings that say how to ask the site. */
export const sessionRules: Rule[] = [
  rule({
    of: ['SESSION_PRESET', 'SESSION_URL', 'SESSION_COOKIES', 'PUBLIC_ORIGIN'],
    setting: 'SESSION_URL',
    holds: (env) =>
      (env.SESSION_PRESET === undefined && env.SESSION_COOKIES === undefined) ||
      sessionUrl(env) !== null,
    remedy: needsSessionUrl,
  }),
  rule({
    of: ['SESSION_PRESET', 'SESSION_URL', 'PUBLIC_ORIGIN'],
    setting: 'SESSION_URL',
    holds: (env) => {
      const url = sessionUrl(env);
      return url?.origin !== env.PUBLIC_ORIGIN || !OURS.test(url?.pathname ?? '');
    },
    remedy: needsOtherEndpoint,
  }),
  rule({
    of: ['SESSION_PRESET', 'SESSION_URL', 'SESSION_HOST', 'SESSION_CLAIMS'],
    setting: 'SESSION_URL',
    holds: (env) =>
      env.SESSION_PRESET !== undefined ||
      env.SESSION_URL !== undefined ||
      (env.SESSION_HOST === undefined && env.SESSION_CLAIMS === undefined),
    remedy: needsSessionUrl,
  }),
  rule({
    of: ['SESSION_PRESET', 'SESSION_URL', 'SESSION_COOKIES'],
    setting: 'SESSION_COOKIES',
    holds: (env) =>
      (env.SESSION_PRESET === undefined && env.SESSION_URL === undefined) ||
      env.SESSION_COOKIES !== undefined ||
      (env.SESSION_PRESET !== undefined && SITES[env.SESSION_PRESET].cookies.length > 0),
    remedy: needsSessionCookies,
  }),
  rule({
    of: ['SESSION_PRESET', 'SESSION_URL', 'SESSION_HOST', 'PUBLIC_ORIGIN'],
    setting: 'SESSION_HOST',
    holds: (env) => {
      const host = sessionUrl(env)?.host;
      const own = URL.parse(env.PUBLIC_ORIGIN ?? '')?.host;
      return host === undefined || host === own || host === env.SESSION_HOST;
    },
    remedy: needsSessionHost,
  }),
  rule({
    of: ['AUTHJS_SECRET', 'AUTH_PROVIDER', 'AUTH_JWKS_URL', 'AUTH_JWT_SECRET'],
    setting: 'AUTHJS_SECRET',
    holds: (env) =>
      env.AUTHJS_SECRET === undefined ||
      (env.AUTH_PROVIDER === undefined &&
        env.AUTH_JWKS_URL === undefined &&
        env.AUTH_JWT_SECRET === undefined),
    remedy: needsSingleCookie,
  }),
];
