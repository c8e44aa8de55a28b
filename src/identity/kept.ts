import { BillingError } from '../errors/billing-error.ts';
import type { Loaded } from './copies.ts';

const FRESH_MILLISECONDS = 10 * 60_000;
const USABLE_MILLISECONDS = 60 * 60_000;
const COOL_DOWN_MILLISECONDS = 30_000;
const FIRST_RETRY_MILLISECONDS = 1_000;

// Together longer than a load can take. A request that was cut off never ends its load.
const POLL_MILLISECONDS = 25;
const MOST_POLLS = 160;

/** What a provider publishes, kept in the isolate's memory. Times are in Unix milliseconds. */
export type Kept<T> = {
  /** @throws BillingError `identity_provider_unavailable` */
  at(now: number): Promise<T>;
  /**
   * For when the value lacks something: asks the provider, at most once in 30 s.
   *
   * @throws BillingError `identity_provider_unavailable`, also if this load failed
   */
  newerAt(now: number): Promise<T>;
};

/**
 * Keeps what `load` gets from a provider. It is loaded again after ten minutes, and when it lacks
 * something at most every 30 s: a flood of made-up key ids costs one load. A load that failed is
 * tried again after one second, then two, then four, up to 30. While the provider is down, the
 * last good value serves for up to an hour, counted from when the provider gave it.
 *
 * @param load  takes at most 4 s, and throws an error that says why there is no value. `newer` is
 *   set when a value lacked something
 * @param missing  begins the log's reason when there is no value
 */
export function keep<T>(
  load: (now: number, newer: boolean) => Promise<Loaded<T>>,
  missing: string,
): Kept<T> {
  let known: Loaded<T> | undefined;
  /** When the provider last answered this very isolate: a copy's age says nothing of that. */
  let answeredAt = -Infinity;
  let loading: object | undefined;
  let failure: { count: number; at: number; reason: string } | undefined;

  const age = (now: number) => (known ? now - known.at : Infinity);
  const mayAsk = (now: number) => now - answeredAt >= COOL_DOWN_MILLISECONDS;
  const mayRetry = (now: number) =>
    failure === undefined ||
    now - failure.at >=
      Math.min(FIRST_RETRY_MILLISECONDS * 2 ** (failure.count - 1), COOL_DOWN_MILLISECONDS);
  const unavailable = (reason = 'it is being loaded') =>
    new BillingError('identity_provider_unavailable', `${missing}: ${reason}.`);

  async function loadOnce(now: number, newer: boolean): Promise<void> {
    const own = {};
    const began = Date.now();
    const fail = (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      // A load that timed out took longer than the first pause: the pause begins when it ends. How
      // long it took is known here alone, so it is measured. What time it is comes from `now`.
      const at = now + (Date.now() - began);
      failure = { count: (failure?.count ?? 0) + 1, at, reason };
    };
    loading = own;
    try {
      const loaded = await load(now, newer);
      // An earlier request can get a later answer, with an older value.
      if (!known || known.at <= loaded.at) known = loaded;
      if (loaded.provider === 'answered') answeredAt = Math.max(answeredAt, now);
      if (typeof loaded.provider === 'object') fail(loaded.provider.failed);
      else failure = undefined;
    } catch (error) {
      fail(error);
    } finally {
      if (loading === own) loading = undefined;
    }
  }

  /**
   * Loads, or waits until another request has. workerd binds I/O to the request that began it,
   * so a request cannot await another's load: it looks again after a timer of its own.
   */
  async function loadOrWait(now: number, newer: boolean): Promise<void> {
    const awaited = loading;
    const isRunning = () => loading === awaited;
    if (awaited) {
      for (let poll = 0; isRunning() && poll < MOST_POLLS; poll += 1) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
      }
      if (!loading) return;
      // One of those who waited for a load that was cut off takes over. The others wait for it.
      if (!isRunning()) return loadOrWait(now, newer);
    }
    if (mayRetry(now)) await loadOnce(now, newer);
  }

  /** An old value stays in use while one request loads a newer one. */
  async function refresh(now: number): Promise<void> {
    if (age(now) >= USABLE_MILLISECONDS) return loadOrWait(now, false);
    if (age(now) >= FRESH_MILLISECONDS && !loading && mayRetry(now)) await loadOnce(now, false);
  }

  function usable(now: number): T {
    if (known && age(now) < USABLE_MILLISECONDS) return known.value;
    throw unavailable(failure?.reason);
  }

  return {
    at: async (now) => {
      await refresh(now);
      return usable(now);
    },
    newerAt: async (now) => {
      if (loading || mayAsk(now)) await loadOrWait(now, true);
      // What another request has loaded meanwhile can be a neighbour's copy.
      if (!failure && mayAsk(now)) await loadOrWait(now, true);
      if (failure) throw unavailable(failure.reason);
      return usable(now);
    },
  };
}
