import * as v from 'valibot';
import { STATES, SUBSCRIPTION_STATES } from '../portal/billing-state.ts';
import { catalogue } from '../errors/catalogue.ts';
import type { BillingErrorCode } from '../errors/billing-error.ts';

/** The API's response to a request for a session. */
export const PortalSession = v.object({
  /** A key to a session or to an invoice: navigate to it at once, and store it nowhere. */
  url: v.pipe(v.string(), v.url()),
  /** The flow is not possible now. The portal's home opens instead. */
  flow_unavailable: v.boolean(),
});
export type PortalSession = v.InferOutput<typeof PortalSession>;

/** A signed link, and until when it works, in Unix seconds. */
export const SignedLink = v.object({
  url: v.pipe(v.string(), v.url()),
  expires_at: v.number(),
});
export type SignedLink = v.InferOutput<typeof SignedLink>;

const time = v.nullable(v.number());

/** What D1 knows of a subject's billing. Times are Unix seconds. */
export const BillingAnswer = v.object({
  /** Of the subscription that gives most; `unknown` where D1 has no customer. */
  state: v.picklist(STATES),
  plan: v.nullable(v.string()),
  period_end: time,
  may_be_due: v.boolean(),
  /** False while Stripe has, or may have, something newer. */
  is_fresh: v.boolean(),
  as_of: time,
  subscriptions: v.array(
    v.object({
      id: v.string(),
      customer: v.string(),
      state: v.picklist(SUBSCRIPTION_STATES),
      plan: v.string(),
      products: v.array(v.string()),
      prices: v.array(v.string()),
      period_end: time,
      cancel_at: time,
      trial_end: time,
      may_be_due: v.boolean(),
    }),
  ),
});
export type BillingAnswer = v.InferOutput<typeof BillingAnswer>;

const codes = Object.keys(catalogue).filter((code): code is BillingErrorCode => code in catalogue);

/** Problem details (RFC 9457) of every refusal and outage. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  code: v.picklist(codes),
  /** Finds the line in the operator's log. */
  request_id: v.string(),
  stripe_request_id: v.optional(v.string()),
  problems: v.optional(v.array(v.object({ key: v.string(), remedy: v.string() }))),
  /** On loopback hosts only. */
  developer: v.optional(v.object({ reason: v.string(), remedy: v.optional(v.string()) })),
});
export type Problem = v.InferOutput<typeof Problem>;

const ListState = v.picklist(['not_begun', 'running', 'complete']);
const Time = v.pipe(v.string(), v.isoTimestamp());

/** What /healthz says. All but the first two fields may be missing, with the status `unavailable`. */
export const Health = v.object({
  /** `late`: visitors are served, and the cron job has not ended a run for 15 minutes. */
  status: v.picklist(['ok', 'late', 'unavailable']),
  version: v.string(),
  /** That of the Stripe key. */
  mode: v.optional(v.picklist(['test', 'live'])),
  /** When the last run of the cron job that came to its end began; null before there was one. */
  last_run: v.optional(v.nullable(Time)),
  first_fill: v.optional(ListState),
  first_fill_lists: v.optional(
    v.object({ customers: ListState, subscriptions: ListState, checkouts: ListState }),
  ),
  /** Who waits after that run, how many after failed attempts, and the longest of other waits. */
  backlog: v.optional(
    v.object({ customers: v.number(), failing: v.number(), seconds: v.number(), as_of: Time }),
  ),
  rate_limits: v.optional(v.picklist(['on', 'off'])),
  problems: v.optional(v.array(v.object({ key: v.string(), remedy: v.string() }))),
});
export type Health = v.InferOutput<typeof Health>;
