import * as v from 'valibot';
import {
  needsOtherEndpoint,
  needsSessionCookies,
  needsSessionHost,
  needsSessionUrl,
  needsSingleCookie,
} from './remedies.ts';
import { signInRules } from './sign-in-rules.ts';
import { sessionUrl, SITES } from './site-session.ts';

// A route such as shop.example/billing* takes addresses that only begin so, too.
// The endpoints of recipes are called /api/billing-session.
const OURS = /^\/(?:billing|healthz|api\/stripe|api\/links|api\/billing$|api\/openapi)/;

/** All settings, with what must hold between those that say how to ask the site. */
export const sessionRules = v.pipe(
  signInRules,
  v.forward(
    v.partialCheck(
      [['SESSION_PRESET'], ['SESSION_URL'], ['SESSION_COOKIES'], ['PUBLIC_ORIGIN']],
      (env) =>
        (env.SESSION_PRESET === undefined && env.SESSION_COOKIES === undefined) ||
        sessionUrl(env) !== null,
      needsSessionUrl,
    ),
    ['SESSION_URL'],
  ),
  v.forward(
    v.partialCheck(
      [['SESSION_PRESET'], ['SESSION_URL'], ['PUBLIC_ORIGIN']],
      (env) => {
        const url = sessionUrl(env);
        return url?.origin !== env.PUBLIC_ORIGIN || !OURS.test(url?.pathname ?? '');
      },
      needsOtherEndpoint,
    ),
    ['SESSION_URL'],
  ),
  v.forward(
    v.partialCheck(
      [['SESSION_PRESET'], ['SESSION_URL'], ['SESSION_HOST'], ['SESSION_CLAIMS']],
      (env) =>
        env.SESSION_PRESET !== undefined ||
        env.SESSION_URL !== undefined ||
        (env.SESSION_HOST === undefined && env.SESSION_CLAIMS === undefined),
      needsSessionUrl,
    ),
    ['SESSION_URL'],
  ),
  v.forward(
    v.partialCheck(
      [['SESSION_PRESET'], ['SESSION_URL'], ['SESSION_COOKIES']],
      (env) =>
        (env.SESSION_PRESET === undefined && env.SESSION_URL === undefined) ||
        env.SESSION_COOKIES !== undefined ||
        (env.SESSION_PRESET !== undefined && SITES[env.SESSION_PRESET].cookies.length > 0),
      needsSessionCookies,
    ),
    ['SESSION_COOKIES'],
  ),
  v.forward(
    v.partialCheck(
      [['SESSION_PRESET'], ['SESSION_URL'], ['SESSION_HOST'], ['PUBLIC_ORIGIN']],
      (env) => {
        const host = sessionUrl(env)?.host;
        const own = URL.parse(env.PUBLIC_ORIGIN ?? '')?.host;
        return host === undefined || host === own || host === env.SESSION_HOST;
      },
      needsSessionHost,
    ),
    ['SESSION_HOST'],
  ),
  v.forward(
    v.partialCheck(
      [['AUTHJS_SECRET'], ['AUTH_PROVIDER'], ['AUTH_JWKS_URL'], ['AUTH_JWT_SECRET']],
      (env) =>
        env.AUTHJS_SECRET === undefined ||
        (env.AUTH_PROVIDER === undefined &&
          env.AUTH_JWKS_URL === undefined &&
          env.AUTH_JWT_SECRET === undefined),
      needsSingleCookie,
    ),
    ['AUTHJS_SECRET'],
  ),
);
