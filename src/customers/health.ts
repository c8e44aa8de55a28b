import { BillingError } from '../errors/billing-error.ts';
import { adviceOf } from '../errors/meaning.ts';
import type { BacklogNote } from './backlog-note.ts';
import type { Cursors, CursorStore } from './stores/cursors.ts';

/** The cron job runs every five minutes: this is after three runs that did not come to an end. */
export const LATE_SECONDS = 15 * 60;

/** Whether the cron job has not ended a run for so long; so it is before its first one. */
export const isLate = (note: BacklogNote | undefined, now: Date) =>
  note === undefined || Math.floor(now.getTime() / 1000) - note.at > LATE_SECONDS;

export type Reading = { kind: 'read'; cursors: Cursors } | { kind: 'failed'; remedy: string };

const KEPT_MILLISECONDS = { read: 10_000, failed: 1_000 };

const kept = new WeakMap<CursorStore, { until: number; reading: Reading }>();

/**
 * The cursors as they were within the last ten seconds, from D1's primary. Anybody may ask for
 * them, as often as they like, and the primary answers one query at a time. So an isolate asks it
 * at most every ten seconds, or every second while it fails. Those who come during a query get the
 * reading before it: what one request waits for, another cannot.
 */
export async function readRarely(
  store: CursorStore,
  livemode: boolean,
  now: Date,
): Promise<Reading> {
  const before = kept.get(store);
  if (before && now.getTime() < before.until) return before.reading;
  if (before) before.until = now.getTime() + KEPT_MILLISECONDS.read;
  const reading = await read(store, livemode);
  kept.set(store, { until: now.getTime() + KEPT_MILLISECONDS[reading.kind], reading });
  return reading;
}

async function read(store: CursorStore, livemode: boolean): Promise<Reading> {
  try {
    return { kind: 'read', cursors: await store.read(livemode) };
  } catch (error) {
    if (!(error instanceof BillingError)) throw error;
    return { kind: 'failed', remedy: adviceOf(error) };
  }
}
