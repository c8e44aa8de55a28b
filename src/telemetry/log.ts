import type { BillingErrorCode } from '../errors/billing-error.ts';
import type { Outcome } from './trace.ts';

/** The fields of the log. There are no others, so no URL, token or address can get into it. */
type Entry =
  | {
      event: 'request';
      request_id: string;
      route: string;
      status: number;
      outcome: Outcome | BillingErrorCode;
      total_ms: number;
      identity_ms: number;
      database_ms: number;
      stripe_ms: number;
      stripe_request_id: string | undefined;
      token_refusal: string | undefined;
      /** What the page of a fault shows. */
      reference: string | undefined;
      reason: string | undefined;
      remedy: string | undefined;
    }
  | {
      /** Another Worker has called. */
      event: 'call';
      request_id: string;
      method: string;
      outcome: string;
      total_ms: number;
      database_ms: number;
      stripe_ms: number;
      stripe_request_id: string | undefined;
      reference: string | undefined;
      reason: string | undefined;
      remedy: string | undefined;
    }
  | { event: 'sign_in_email'; outcome: 'sent' | 'no_customer' | 'limited' }
  | { event: 'sign_in_email_failed'; code: string }
  | { event: 'public_origin_missing'; remedy: string }
  | { event: 'sync_failed'; customer: string; code: BillingErrorCode; reason: string }
  | { event: 'invoices_unread'; customer: string; code: BillingErrorCode; reason: string }
  | {
      event: 'reconcile_failed';
      code: BillingErrorCode;
      reason: string;
      remedy: string | undefined;
    }
  | { event: 'events_out_of_reach' }
  | { event: 'subject_conflict'; customer: string }
  | { event: 'search_refused'; stripe_request_id: string | undefined }
  | {
      event: 'reconciled';
      events: number;
      synced: number;
      failed: number;
      filled: number;
      fill: 'running' | 'complete';
      backlog: number;
      backlog_failing: number;
      backlog_seconds: number;
    };

/** One JSON line, which Workers Logs indexes by field. */
export function log(level: 'info' | 'error', entry: Entry): void {
  // oxlint-disable-next-line no-console -- the only place that writes
  console[level](JSON.stringify(entry));
}
