import { page } from '../../commands.ts';
import type { Entry } from '../entry.ts';

/** Who asks, and what belongs to them. */
export const identityCodes = {
  sign_in_required: {
    status: 401,
    page: 'signIn',
    title: 'Authentication required',
    detail: 'Send the session token as `Authorization: Bearer`, or in the session cookie.',
  },
  token_invalid: {
    status: 401,
    page: 'notAccepted',
    title: 'Invalid token',
    detail: 'The session token was refused. Get a new one and try again.',
    remedy: `The log names the reason. Compare the token with the AUTH_ settings and the keys (${page('src/identity/README.md')}).`,
  },
  api_key_refused: {
    status: 401,
    page: 'notAccepted',
    title: 'Invalid API key',
    detail: 'Send one of the keys in LINK_API_KEY as `Authorization: Bearer`.',
  },
  api_key_not_allowed: {
    status: 403,
    page: 'notAllowed',
    title: 'API key may not do this',
    detail: 'What a key may do stands before it in LINK_API_KEY.',
    remedy: `Write \`sign\`, \`read\` or \`revoke\` before the key, such as read+sign:KEY (${page('src/links/README.md')}).`,
  },
  link_invalid: {
    status: 403,
    page: 'linkInvalid',
    title: 'Invalid link',
    detail: 'The link was changed or cut off, was signed with another key, or was revoked.',
    remedy: `The log names the reason. Compare the token with ${page('src/links/README.md')}, and its key with LINK_SECRET.`,
  },
  link_expired: {
    status: 410,
    page: 'linkExpired',
    title: 'Expired link',
    detail: 'The link was valid until it expired. Sign a new one.',
  },
  click_required: {
    status: 403,
    page: 'pressButton',
    title: 'Click required',
    detail: 'A script submitted the form of a signed link. A person has to press its button.',
  },
  sign_in_limited: {
    status: 429,
    page: 'tooOften',
    title: 'Too many sign-in mails',
    detail: 'This client has asked for too many mails. Wait a minute.',
    retryAfter: 60,
  },
  challenge_failed: {
    status: 403,
    page: 'notSeen',
    title: 'Challenge failed',
    detail: 'Turnstile did not verify the visitor.',
  },
  challenge_unavailable: {
    status: 503,
    page: 'tryAgain',
    title: 'Challenge unavailable',
    detail: 'Turnstile or the rate limit of sign-in mails did not answer.',
    retryAfter: 10,
    remedy:
      'Check TURNSTILE_SECRET_KEY, `ratelimits` in the Wrangler configuration, and https://www.cloudflarestatus.com.',
  },
  customer_not_found: {
    status: 404,
    page: 'nothingYet',
    title: 'No customer',
    detail: 'The subject has no Stripe customer yet. A purchase comes first.',
    remedy:
      'If there was a purchase: the Stripe customer must be in the mode of STRIPE_SECRET_KEY, and carry the subject in the metadata named by CUSTOMER_METADATA_KEY, or in the client_reference_id of a checkout.',
  },
  role_not_allowed: {
    status: 403,
    page: 'notAllowed',
    title: 'Role may not bill',
    detail: 'The role of this person does not include billing.',
    remedy:
      'The token’s AUTH_ROLE_CLAIM, `role` in SESSION_CLAIMS, or the `role` that `identify` returns, has none of AUTH_BILLING_ROLES, and no portal has a rule for its roles.',
  },
  customer_not_yours: {
    status: 404,
    page: 'notYours',
    title: 'No such customer',
    detail: 'The subject has no customer with the id in `customer`.',
  },
  subscription_not_yours: {
    status: 404,
    page: 'notYours',
    title: 'No such subscription',
    detail: 'The subject has no subscription with the id in `subscription`.',
  },
  customer_ambiguous: {
    status: 409,
    page: 'unreadable',
    title: 'Several customers',
    detail: 'The subject has several customers. Name one as `customer`.',
  },
  subscription_ambiguous: {
    status: 409,
    page: 'unreadable',
    title: 'Several subscriptions',
    detail: 'The flow can apply to several subscriptions. Name one as `subscription`.',
  },
  invoice_ambiguous: {
    status: 409,
    page: 'unreadable',
    title: 'Several invoices',
    detail: 'Several invoices are open. Name one as `invoice`.',
  },
  nothing_due: {
    status: 409,
    page: 'unreadable',
    title: 'Nothing is due',
    detail: 'No such invoice is open, or its payment is on its way.',
  },
} as const satisfies Record<string, Entry>;
