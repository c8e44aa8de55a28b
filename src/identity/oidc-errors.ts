import {
  AuthorizationResponseError,
  JWT_CLAIM_COMPARISON,
  OperationProcessingError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import { BillingError } from '../errors/billing-error.ts';

/** Why nobody is signed in, though the provider and the settings are in order. */
export type SignInRefusal =
  /** The provider would have to show a page, and was asked not to. */
  | { kind: 'page_needed' }
  /** The visitor, or a rule of the provider, said no. */
  | { kind: 'denied' }
  /** The answer does not belong to this attempt, or its code was used before. */
  | { kind: 'unfit'; reason: string };

/** Answers to `prompt=none`: it takes a page (OpenID Connect Core 1.0 §3.1.2.6). */
export const PAGE_NEEDED: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);
const OUTAGES = new Set(['server_error', 'temporarily_unavailable']);

/**
 * What an error in the provider's answer means. The answer came by the visitor's browser.
 *
 * @param isSilent  the provider was asked not to show a page
 * @throws BillingError `identity_provider_unavailable`, or `sign_in_failed` if the operator has to
 *   act
 */
export function refusalOfAnswer(fault: unknown, isSilent: boolean): SignInRefusal {
  if (!(fault instanceof AuthorizationResponseError)) return { kind: 'unfit', reason: 'answer' };
  const { error } = fault;
  if (OUTAGES.has(error)) throw unavailable(error);
  // Providers without `prompt=none` refuse it in words of their own.
  if (isSilent || PAGE_NEEDED.has(error)) return { kind: 'page_needed' };
  if (error === 'access_denied') return { kind: 'denied' };
  throw failed(nameOf(error));
}

/**
 * What an error of the token endpoint means, or of the ID token that it gave.
 *
 * @throws BillingError as above
 */
export function refusalOfExchange(fault: unknown): SignInRefusal {
  if (isOfClient(fault)) throw failed('invalid_client');
  if (fault instanceof ResponseBodyError) {
    if (fault.status === 429 || OUTAGES.has(fault.error)) throw unavailable(nameOf(fault.error));
    // RFC 6749 §5.2: the code is used, expired, or of another client.
    if (fault.error === 'invalid_grant') return { kind: 'unfit', reason: 'code' };
    throw failed(nameOf(fault.error));
  }
  if (!(fault instanceof OperationProcessingError)) {
    throw unavailable(fault instanceof Error ? fault.message : 'unknown');
  }
  const { cause, code, message } = fault;
  if (cause instanceof Response && (cause.status >= 500 || cause.status === 429)) {
    throw unavailable(`the token endpoint answers ${cause.status}`);
  }
  // A code that was slipped in brings an ID token with another nonce.
  if (code === JWT_CLAIM_COMPARISON && claimIn(cause) === 'nonce') {
    return { kind: 'unfit', reason: 'nonce' };
  }
  throw failed(message);
}

/** Whether the token endpoint does not know the client by the way it proves itself. */
export function isOfClient(fault: unknown): boolean {
  if (fault instanceof WWWAuthenticateChallengeError) return true;
  return fault instanceof ResponseBodyError && fault.error === 'invalid_client';
}

/** Its text is the provider's, which may quote what it was sent. */
const nameOf = (error: string) =>
  /^[a-z_]{1,40}$/.test(error) ? error : 'an error that OAuth does not know';

const claimIn = (cause: unknown) =>
  typeof cause === 'object' && cause !== null && 'claim' in cause ? cause.claim : undefined;

const unavailable = (reason: string) =>
  new BillingError('identity_provider_unavailable', `The provider signs nobody in: ${reason}.`);

const failed = (reason: string) =>
  new BillingError('sign_in_failed', `The provider does not sign people in here: ${reason}.`);
