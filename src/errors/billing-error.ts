import type { catalogue } from './catalogue.ts';
import type { Situation } from './entry.ts';

export type BillingErrorCode = keyof typeof catalogue;

/** A setting that is wrong. The remedy never repeats the value, which may be a secret. */
export type ConfigProblem = { key: string; remedy: string };

type Details = {
  /** What the operator can do in this case, where the catalogue cannot say it for all. */
  remedy?: string;
  /** For a remedy that depends on it. */
  situation?: Situation;
  /** What is wrong with the request. Safe to show: the caller sent it. */
  detail?: string;
  /** Names the call in Stripe's dashboard: https://dashboard.stripe.com/logs */
  stripeRequestId?: string;
  problems?: ConfigProblem[];
  headers?: Record<string, string>;
};

/** A fault with a stable code. `reason` is for the log, and never shown to a visitor. */
export class BillingError extends Error {
  override readonly name = 'BillingError';
  readonly code: BillingErrorCode;
  readonly details: Details;

  constructor(code: BillingErrorCode, reason: string, details: Details = {}) {
    super(reason);
    this.code = code;
    this.details = details;
  }
}

/** The message of an unforeseen error can contain anything, so only its place is kept. */
export function unexpected(fault: unknown): BillingError {
  const place = fault instanceof Error ? fault.stack?.match(/\n\s+at .*/)?.[0].trim() : undefined;
  const name = fault instanceof Error ? fault.name : typeof fault;
  return new BillingError('unexpected', `${name} ${place ?? ''}`.trim());
}
