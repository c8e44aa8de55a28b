import type { Entry } from '../entry.ts';

/** What is wrong with a request. */
export const requestCodes = {
  request_invalid: {
    status: 400,
    page: 'unreadable',
    title: 'Invalid request',
    detail: 'The body does not fit the schema in /api/openapi.json, or is not complete UTF-8.',
  },
  return_to_refused: {
    status: 400,
    page: 'unreadable',
    title: 'Return address not allowed',
    detail:
      'Give `return_to` as a path, or as an https address on this origin or one of ALLOWED_ORIGINS, of up to 5000 characters.',
  },
  navigation_required: {
    status: 403,
    page: 'openAsPage',
    title: 'Navigation required',
    detail:
      'Sessions are created for people who go there. Navigate to the link (location.assign), or call POST /api/stripe/create-portal-session.',
  },
  cross_site_request: {
    status: 403,
    page: 'otherSite',
    title: 'Cross-site request',
    detail: 'This origin may not do this. The operator lists those that may in ALLOWED_ORIGINS.',
  },
  address_not_found: {
    status: 404,
    page: 'nothingHere',
    title: 'Not found',
    detail: 'There is nothing at this address.',
  },
  method_not_allowed: {
    status: 405,
    page: 'nothingHere',
    title: 'Method not allowed',
    detail: 'The header `Allow` lists the methods of this address.',
  },
  request_too_large: {
    status: 413,
    page: 'unreadable',
    title: 'Body too large',
    detail: 'The body is larger than this address takes.',
  },
  content_type_unsupported: {
    status: 415,
    page: 'unreadable',
    title: 'Unsupported content type',
    detail: 'Send JSON, with the header `Content-Type: application/json`.',
  },
  rate_limited: {
    status: 429,
    page: 'tooOften',
    title: 'Too many requests',
    detail: 'This subject opened too many sessions, or this address sent too many bad tokens.',
    retryAfter: 60,
    remedy: 'Set the limits under `ratelimits` in the Wrangler configuration.',
  },
  webhook_refused: {
    status: 400,
    page: 'unreadable',
    title: 'Unverified webhook',
    detail: 'The delivery has no valid signature of the last five minutes, or is not an event.',
    remedy:
      'Check that STRIPE_WEBHOOK_SECRET is the signing secret of this endpoint, and that no proxy changes the body.',
  },
  webhook_mode_mismatch: {
    status: 400,
    page: 'unreadable',
    title: 'Event of the other mode',
    detail: 'The event is of the other mode than the key.',
    remedy: 'Register a webhook endpoint in the mode of STRIPE_SECRET_KEY only.',
  },
} as const satisfies Record<string, Entry>;
