import { command, page } from '../../commands.ts';
import type { Entry } from '../entry.ts';

/** Signing in: at the provider, and at the site. */
export const signInCodes = {
  session_cookie_missing: {
    status: 401,
    page: 'unfinished',
    title: 'No session cookie after signing in',
    detail:
      'The visitor came back from the sign-in page, or went on from a signed link, and no session cookie came with them.',
    remedy:
      'After a signed link, the browser keeps no cookies. After the sign-in page, the cookie must reach this host: its name must be the configured one, its Domain must cover PUBLIC_ORIGIN (a __Host- cookie stays on its own host), and it must not be SameSite=Strict. On another domain, use AUTH_CLIENT_ID.',
  },
  sign_in_unfinished: {
    status: 400,
    page: 'unfinished',
    title: 'Sign-in not finished',
    detail: 'The answer of the identity provider fits no attempt of this browser.',
    remedy:
      'The log names the reason. Reloading the page and an attempt older than ten minutes end here, and so does a browser that keeps no cookies, or comes by another host than PUBLIC_ORIGIN.',
  },
  sign_in_denied: {
    status: 403,
    page: 'denied',
    title: 'Sign-in denied',
    detail: 'The visitor, or a rule of the identity provider, did not allow the sign-in.',
  },
  sign_in_failed: {
    status: 502,
    page: 'notReady',
    title: 'Sign-in failed',
    detail: 'The identity provider refused the Worker, or its answer cannot be used.',
    remedy: `Compare AUTH_CLIENT_ID, AUTH_CLIENT_SECRET, AUTH_SCOPES and the redirect address …/billing/callback with the client at your provider. \`${command('doctor')}\` tries them.`,
  },
  site_session_unavailable: {
    status: 503,
    page: 'tryAgain',
    title: 'Session endpoint unavailable',
    detail: 'The site did not say who is signed in.',
    retryAfter: 5,
    remedy:
      'The log names the reason. SESSION_URL must answer with JSON, within 2 s and past every cache.',
  },
  identify_failed: {
    status: 503,
    page: 'tryAgain',
    title: 'Identification failed',
    detail: 'The app did not say who is signed in.',
    retryAfter: 5,
    remedy: `The function \`identify\` has thrown: the log names where. Where nobody is signed in, return undefined (${page('src/doors/MOUNT.md')}).`,
  },
  identity_invalid: {
    status: 500,
    page: 'mistake',
    title: 'Unusable identity',
    detail: 'What the app says of the visitor cannot be used.',
    remedy: `The log names the fields that \`identify\` has to return otherwise (${page('src/doors/MOUNT.md')}).`,
  },
  identity_provider_unavailable: {
    status: 503,
    page: 'tryAgain',
    title: 'Identity provider unavailable',
    detail: 'The identity provider did not answer with what is needed.',
    retryAfter: 5,
    remedy:
      'Check that AUTH_JWKS_URL answers with a JSON Web Key Set, or, without it, that the issuer’s discovery document and its token endpoint answer.',
  },
} as const satisfies Record<string, Entry>;
