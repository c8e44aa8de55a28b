/**
 * What a client of the API is told about a code; pages have words of their own, in each
 * language. `retryAfter` is in seconds (RFC 9110 §10.2.3).
 */
export type Entry = { status: ErrorStatus; title: string; advice: string; retryAfter?: number };
type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 429 | 500 | 502 | 503;

const contactUs = 'Please contact us; we have been told what is wrong.';
const tryAgain = 'Nothing is lost. Please try again in a moment.';

/** Every outcome that is not an answer, by its stable code. */
export const catalogue = {
  sign_in_required: {
    status: 401,
    title: 'Please sign in',
    advice: 'We need to know who you are before we can show your billing details.',
  },
  token_invalid: {
    status: 401,
    title: 'Your sign-in was not accepted',
    advice: 'Please sign in again. If that does not help, contact us.',
  },
  link_invalid: {
    status: 403,
    title: 'This link does not work',
    advice: 'It is incomplete, was changed or has been withdrawn. Ask for a new one, or sign in.',
  },
  link_expired: {
    status: 410,
    title: 'This link has expired',
    advice: 'Links work for a limited time. Ask for a new one, or sign in.',
  },
  click_required: {
    status: 403,
    title: 'A person has to press the button',
    advice: 'Open the link in a browser and press the button on its page.',
  },
  api_key_refused: {
    status: 401,
    title: 'The key was not accepted',
    advice: 'Send one of the keys in LINK_API_KEY as `Authorization: Bearer`.',
  },
  sign_in_limited: {
    status: 429,
    title: 'A little too often',
    advice: 'Please wait a minute, and try again.',
    retryAfter: 60,
  },
  challenge_failed: {
    status: 403,
    title: 'We could not see that you are a person',
    advice: 'Please go back and try again.',
  },
  challenge_unavailable: {
    status: 503,
    title: 'We cannot check that you are a person',
    advice: tryAgain,
    retryAfter: 10,
  },
  customer_not_found: {
    status: 404,
    title: 'Nothing to manage yet',
    advice:
      'There are no purchases on this account. Once you have bought something, your invoices ' +
      'and subscriptions appear here.',
  },
  search_running: {
    status: 503,
    title: 'We are still looking for your account',
    advice: tryAgain,
    retryAfter: 2,
  },
  customer_not_yours: {
    status: 404,
    title: 'We do not know this billing account',
    advice: 'The address names an account that is not yours, or is gone. Yours are at /billing.',
  },
  subscription_not_yours: {
    status: 404,
    title: 'We do not know this subscription',
    advice: 'The address names a subscription that is not yours. Yours are at /billing.',
  },
  subscription_ambiguous: {
    status: 409,
    title: 'Which subscription?',
    advice: 'This step can apply to several of your subscriptions. Name one as `subscription`.',
  },
  return_to_refused: {
    status: 400,
    title: 'This address cannot be returned to',
    advice:
      'Give a path, or an https address on this origin or one of ALLOWED_ORIGINS, as `return_to`.',
  },
  customer_ambiguous: {
    status: 409,
    title: 'Which account?',
    advice: 'You have several billing accounts. Name one of them as `customer`.',
  },
  navigation_required: {
    status: 403,
    title: 'Open this address as a page',
    advice:
      'A portal session is made for a person who goes there. Let the browser navigate ' +
      '(a link, or location.assign), or call POST /api/stripe/create-portal-session.',
  },
  cross_site_request: {
    status: 403,
    title: 'This request came from another site',
    advice: 'Please open the billing page and use the button there.',
  },
  request_invalid: {
    status: 400,
    title: 'This request cannot be read',
    advice: 'Please check what was sent.',
  },
  request_too_large: {
    status: 413,
    title: 'This request is too large',
    advice: 'Please check what was sent.',
  },
  content_type_unsupported: {
    status: 415,
    title: 'The body has the wrong type',
    advice: 'Send the body as JSON, with the header `Content-Type: application/json`.',
  },
  address_not_found: {
    status: 404,
    title: 'There is nothing here',
    advice: 'Your billing page is at /billing.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take that method',
    advice: 'The header `Allow` names the ones it takes.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    advice: 'Please wait a minute, and try again.',
    retryAfter: 60,
  },
  webhook_refused: {
    status: 400,
    title: 'This is not a delivery of Stripe’s',
    advice: 'Only events signed for this endpoint are taken.',
  },
  webhook_mode_mismatch: {
    status: 400,
    title: 'This event is of the other mode',
    advice: 'Register this endpoint in the mode of its key only.',
  },
  portal_not_configured: {
    status: 503,
    title: 'Billing is not quite ready',
    advice: `Our billing portal has not been switched on yet. ${contactUs}`,
  },
  portal_configuration_missing: {
    status: 503,
    title: 'Billing is not quite ready',
    advice: `The settings of our billing portal cannot be found. ${contactUs}`,
  },
  stripe_mode_mismatch: {
    status: 503,
    title: 'Billing is not quite ready',
    advice: `Your account was found in the wrong place. ${contactUs}`,
  },
  flow_unavailable: {
    status: 409,
    title: 'That is not possible right now',
    advice: 'Your billing portal can be opened, but this step is switched off for your plan.',
  },
  subscription_already_canceling: {
    status: 409,
    title: 'Already cancelled',
    advice: 'This subscription is already set to end. There is nothing left to do.',
  },
  return_url_refused: {
    status: 503,
    title: 'Billing is not quite ready',
    advice: `Our billing portal does not know the way back. ${contactUs}`,
  },
  stripe_rate_limited: {
    status: 503,
    title: 'A lot is going on',
    advice: tryAgain,
    retryAfter: 5,
  },
  stripe_object_locked: {
    status: 503,
    title: 'Your account is being updated',
    advice: tryAgain,
    retryAfter: 2,
  },
  stripe_unreachable: {
    status: 503,
    title: 'Billing cannot be reached',
    advice: tryAgain,
    retryAfter: 10,
  },
  stripe_unavailable: {
    status: 503,
    title: 'Billing is having a problem',
    advice: tryAgain,
    retryAfter: 10,
  },
  stripe_key_refused: {
    status: 503,
    title: 'Billing is not available',
    advice: contactUs,
  },
  stripe_key_expired: {
    status: 503,
    title: 'Billing is not available',
    advice: contactUs,
  },
  stripe_permission_missing: {
    status: 503,
    title: 'Billing is not available',
    advice: contactUs,
  },
  stripe_request_refused: {
    status: 502,
    title: 'Billing did not understand us',
    advice: contactUs,
  },
  stripe_answer_unusable: {
    status: 502,
    title: 'Billing gave no usable answer',
    advice: tryAgain,
    retryAfter: 10,
  },
  database_unavailable: {
    status: 503,
    title: 'We cannot look up your account',
    advice: tryAgain,
    retryAfter: 5,
  },
  identity_provider_unavailable: {
    status: 503,
    title: 'We cannot check your sign-in',
    advice: tryAgain,
    retryAfter: 30,
  },
  configuration_invalid: {
    status: 503,
    title: 'Billing is not set up yet',
    advice: 'Please come back later. The operator of this site has to complete the configuration.',
  },
  unexpected: {
    status: 500,
    title: 'Something went wrong',
    advice: 'This is our mistake. Please try again, and contact us if it stays.',
  },
} as const satisfies Record<string, Entry>;
