import { catalogue, type Entry } from './catalogue.ts';
import type { ConfigProblem } from '../config/config.ts';

export type BillingErrorCode = keyof typeof catalogue;

type Details = {
  /** What the developer can do, with the address to open. Shown on loopback hosts only. */
  remedy?: string;
  /** What in the request is wrong: safe to show, since the caller sent it. */
  detail?: string;
  /** Names the call in Stripe's dashboard: https://dashboard.stripe.com/logs */
  stripeRequestId?: string;
  problems?: ConfigProblem[];
  headers?: Record<string, string>;
};

/** A fault with a stable code. `reason` goes to the log and is never shown to a visitor. */
export class BillingError extends Error {
  override readonly name = 'BillingError';
  readonly code: BillingErrorCode;
  readonly details: Details;

  constructor(code: BillingErrorCode, reason: string, details: Details = {}) {
    super(reason);
    this.code = code;
    this.details = details;
  }

  /** The words and the status of this code. */
  get entry(): Entry {
    return catalogue[this.code];
  }
}

/** The message of an error that nobody foresaw may hold anything, so only its place is told. */
export function unexpected(fault: unknown): BillingError {
  const place = fault instanceof Error ? fault.stack?.match(/\n\s+at .*/)?.[0].trim() : undefined;
  const name = fault instanceof Error ? fault.name : typeof fault;
  return new BillingError('unexpected', `${name} ${place ?? ''}`.trim());
}
