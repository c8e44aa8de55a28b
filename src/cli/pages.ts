import type { BillingError, BillingErrorCode } from '../errors/billing-error.ts';
import { entryOf } from '../errors/meaning.ts';
import { toBillingError } from '../stripe/faults.ts';
import type { Shell } from './shell.ts';

// Such faults often pass. What was done is kept, so the page is asked for again.
const PASSING = new Set<BillingErrorCode>([
  'stripe_unreachable',
  'stripe_unavailable',
  'stripe_rate_limited',
  'stripe_object_locked',
  'stripe_answer_unusable',
  'database_unavailable',
]);
const PAUSES = [1_000, 4_000, 15_000, 60_000];

/** Work in pages: each is done or not, and may be done twice. */
export type Pages = {
  /** Does the next page. */
  next: () => Promise<'more' | 'complete'>;
  /** Tells the operator something, beside the progress. */
  note: (text: string) => void;
  /** What Ctrl-C leads to. */
  stopping: string;
};

/**
 * Does pages until there are no more, or the operator stops it after one. A fault that often
 * passes is waited out.
 *
 * @throws BillingError
 */
export async function runPages(
  { wait, onInterrupt }: Pick<Shell, 'wait' | 'onInterrupt'>,
  livemode: boolean,
  { next, note, stopping }: Pages,
): Promise<'complete' | 'stopped'> {
  const stop = new AbortController();
  const release = onInterrupt(() => {
    stop.abort();
    note(stopping);
  });
  try {
    let failures = 0;
    while (!stop.signal.aborted) {
      try {
        if ((await next()) === 'complete') return 'complete';
        failures = 0;
      } catch (error) {
        const fault = toBillingError(error, livemode);
        const pause = PASSING.has(fault.code) ? PAUSES[failures] : undefined;
        if (pause === undefined) throw fault;
        // Ctrl-C in a terminal ends the local D1, too.
        if (stop.signal.aborted) return 'stopped';
        failures += 1;
        note(`${reasonOf(fault)} Trying again in ${pause / 1000} s.`);
        await wait(pause, stop.signal);
      }
    }
    return 'stopped';
  } finally {
    release();
  }
}

const reasonOf = (error: BillingError) => `${entryOf(error).title} (${error.code}).`;
