import { AsyncLocalStorage } from 'node:async_hooks';
import type { BillingError } from '../errors/billing-error.ts';

/** Where the time of a request goes. */
export type Phase = 'identity' | 'database' | 'stripe';

/** What became of a request that did not fail. */
export type Outcome =
  | 'session_opened'
  | 'invoice_opened'
  | 'sign_in'
  | 'signed_in'
  | 'choice'
  | 'page'
  | 'event_synced'
  | 'event_noted'
  | 'ok';

// Crockford's base 32: no I, L, O or U. https://www.crockford.com/base32.html
const READABLE = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Collects what the log's line says about a request. */
export class Trace {
  /** Milliseconds. The clock of Workers stands still between I/O. */
  readonly durations: Record<Phase, number> = { identity: 0, database: 0, stripe: 0 };
  outcome: Outcome = 'ok';
  fault: BillingError | undefined;
  tokenRefusal: string | undefined;
  /** Names the last call in Stripe's dashboard: https://dashboard.stripe.com/logs */
  stripeRequestId: string | undefined;
  readonly id: string;

  #reference: string | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Eight characters that a visitor can read out. They find the line of a fault. */
  get reference(): string {
    this.#reference ??= Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
      READABLE.charAt(byte % READABLE.length),
    ).join('');
    return this.#reference;
  }
}

const current = new AsyncLocalStorage<Trace>();

/** Runs a request. Everything that it calls can add to its trace without a parameter for it. */
export const traced = <T>(trace: Trace, run: () => T): T => current.run(trace, run);

/** The trace of the current request; undefined in the cron job and the commands. */
export const currentTrace = (): Trace | undefined => current.getStore();

/** Adds the time of this run to the request's trace. */
export async function measure<T>(phase: Phase, run: () => Promise<T>): Promise<T> {
  const trace = current.getStore();
  if (!trace) return run();
  const began = performance.now();
  try {
    return await run();
  } finally {
    trace.durations[phase] += performance.now() - began;
  }
}
