import type { BillingErrorCode } from '../errors/billing-error.ts';

/** What visitors can be told; several codes may come to the same for them. */
export type FaultMessage =
  | 'signIn'
  | 'notAccepted'
  | 'linkInvalid'
  | 'linkExpired'
  | 'pressButton'
  | 'tooOften'
  | 'notSeen'
  | 'nothingYet'
  | 'notYours'
  | 'openAsPage'
  | 'otherSite'
  | 'unreadable'
  | 'nothingHere'
  | 'notReady'
  | 'tooMany'
  | 'tryAgain'
  | 'mistake';

export const faultMessages: Record<BillingErrorCode, FaultMessage> = {
  sign_in_required: 'signIn',
  token_invalid: 'notAccepted',
  link_invalid: 'linkInvalid',
  link_expired: 'linkExpired',
  click_required: 'pressButton',
  api_key_refused: 'notAccepted',
  sign_in_limited: 'tooOften',
  challenge_failed: 'notSeen',
  challenge_unavailable: 'tryAgain',
  customer_not_found: 'nothingYet',
  search_running: 'tryAgain',
  customer_not_yours: 'notYours',
  subscription_not_yours: 'notYours',
  customer_ambiguous: 'unreadable',
  subscription_ambiguous: 'unreadable',
  return_to_refused: 'unreadable',
  navigation_required: 'openAsPage',
  cross_site_request: 'otherSite',
  request_invalid: 'unreadable',
  request_too_large: 'unreadable',
  content_type_unsupported: 'unreadable',
  address_not_found: 'nothingHere',
  method_not_allowed: 'nothingHere',
  rate_limited: 'tooMany',
  webhook_refused: 'unreadable',
  webhook_mode_mismatch: 'unreadable',
  portal_not_configured: 'notReady',
  portal_configuration_missing: 'notReady',
  stripe_mode_mismatch: 'notReady',
  flow_unavailable: 'notReady',
  subscription_already_canceling: 'notReady',
  return_url_refused: 'notReady',
  stripe_rate_limited: 'tryAgain',
  stripe_object_locked: 'tryAgain',
  stripe_unreachable: 'tryAgain',
  stripe_unavailable: 'tryAgain',
  stripe_key_refused: 'notReady',
  stripe_key_expired: 'notReady',
  stripe_permission_missing: 'notReady',
  stripe_request_refused: 'notReady',
  stripe_answer_unusable: 'tryAgain',
  database_unavailable: 'tryAgain',
  identity_provider_unavailable: 'tryAgain',
  configuration_invalid: 'notReady',
  unexpected: 'mistake',
};
