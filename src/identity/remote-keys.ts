import { createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { BillingError } from '../errors/billing-error.ts';
import { fetchKeySet, PUBLIC_KEY_ALGORITHMS } from './key-set.ts';
import type { Keys } from './keys.ts';

const FRESH_MILLISECONDS = 10 * 60_000;
const USABLE_MILLISECONDS = 60 * 60_000;
const COOL_DOWN_MILLISECONDS = 30_000;
const FIRST_RETRY_MILLISECONDS = 1_000;

// Together longer than a load can take. A request that was cut off never ends its load.
const POLL_MILLISECONDS = 25;
const MOST_POLLS = 160;

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/**
 * The keys that an identity provider publishes. They are loaded again after ten minutes, and for
 * an unknown key id at most every 30 s: a flood of made-up key ids costs one load. A load that
 * failed is tried again after one second, then two, then four, up to 30. While the provider is
 * down, the last good keys serve for up to an hour. jose's `createRemoteJWKSet` does not.
 */
export function remoteKeys(url: URL): Keys {
  let known: { keys: LocalKeys; loadedAt: number } | undefined;
  let loading: object | undefined;
  let failure: { count: number; at: number; reason: string } | undefined;

  const age = (now: number) => (known ? now - known.loadedAt : Infinity);
  const mayRetry = (now: number) =>
    failure === undefined ||
    now - failure.at >=
      Math.min(FIRST_RETRY_MILLISECONDS * 2 ** (failure.count - 1), COOL_DOWN_MILLISECONDS);

  async function load(now: number): Promise<void> {
    const own = {};
    const began = Date.now();
    loading = own;
    try {
      const keys = createLocalJWKSet(await usableKeySet(url));
      // An earlier request can get a later answer, with older keys.
      if (!known || known.loadedAt <= now) known = { keys, loadedAt: now };
      failure = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      // A load that timed out took longer than the first pause: the pause begins when it ends.
      const at = now + (Date.now() - began);
      failure = { count: (failure?.count ?? 0) + 1, at, reason };
    } finally {
      if (loading === own) loading = undefined;
    }
  }

  /**
   * Loads, or waits until another request has. workerd binds I/O to the request that began it,
   * so a request cannot await another's load: it looks again after a timer of its own.
   */
  async function loadOrWait(now: number): Promise<void> {
    const awaited = loading;
    const isRunning = () => loading === awaited;
    if (awaited) {
      for (let poll = 0; isRunning() && poll < MOST_POLLS; poll += 1) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
      }
      if (!loading) return;
      // One of those who waited for a load that was cut off takes over. The others wait for it.
      if (!isRunning()) return loadOrWait(now);
    }
    if (mayRetry(now)) await load(now);
  }

  /** Old keys stay in use while one request loads newer ones. */
  async function refresh(now: number): Promise<void> {
    if (age(now) >= USABLE_MILLISECONDS) return loadOrWait(now);
    if (age(now) >= FRESH_MILLISECONDS && !loading && mayRetry(now)) await load(now);
  }

  function usable(now: number): LocalKeys {
    if (known && age(now) < USABLE_MILLISECONDS) return known.keys;
    throw unavailable(failure?.reason);
  }

  return {
    algorithms: PUBLIC_KEY_ALGORITHMS,
    resolveAt: (at) => async (header, token) => {
      const now = at.getTime();
      await refresh(now);
      try {
        return await usable(now)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (loading || age(now) >= COOL_DOWN_MILLISECONDS) await loadOrWait(now);
        // The key may be one that could not be loaded. That is no fault of the token's.
        if (failure) throw unavailable(failure.reason);
        return usable(now)(header, token);
      }
    },
  };
}

/** A provider without usable keys counts as down: the last good keys stay in use. */
async function usableKeySet(url: URL): Promise<JSONWebKeySet> {
  const { keys } = await fetchKeySet(url);
  if (keys.length === 0) throw new Error('the key set has no key to verify with');
  return { keys };
}

function unavailable(reason = 'they are being loaded'): BillingError {
  return new BillingError('identity_provider_unavailable', `No keys to verify with: ${reason}.`);
}
