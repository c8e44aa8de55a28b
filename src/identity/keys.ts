import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { BillingError } from '../errors/billing-error.ts';

/** A source of keys, and the only algorithms that they may be used with. */
export type Keys = { algorithms: string[]; resolveAt(now: Date): JWTVerifyGetKey };

// Never both families at once: a public key must not pass for an HMAC secret (RFC 8725 §2.1).
export const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const SHARED_SECRET_ALGORITHMS = ['HS256'];

const FRESH_MILLISECONDS = 10 * 60_000;
const USABLE_MILLISECONDS = 60 * 60_000;
const COOL_DOWN_MILLISECONDS = 30_000;
const FETCH_MILLISECONDS = 3_000;
const LOADS_A_ROUND = 8;

/** The secret that the site signs its tokens with. */
export function secretKey(secret: string): Keys {
  let key: CryptoKey | undefined;
  const resolve = async () =>
    (key ??= await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(secret),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['verify'],
    ));
  return { algorithms: SHARED_SECRET_ALGORITHMS, resolveAt: () => resolve };
}

/** For sites without their own accounts: their customers come by signed links. */
export const noKeys: Keys = {
  algorithms: SHARED_SECRET_ALGORITHMS,
  resolveAt: () => async () => {
    throw new errors.JWKSNoMatchingKey();
  },
};

/**
 * The keys that an identity provider publishes (RFC 7517 §5). They are fetched again after ten
 * minutes, or for an unknown key id, but in one round per 30 s only: a flood of made-up key ids
 * costs one fetch, or a few while the first is running. While the provider is down, the last
 * good keys serve for up to an hour. jose's `createRemoteJWKSet` has no such grace.
 */
export function remoteKeys(url: URL): Keys {
  let known: { keys: LocalKeys; fetchedAt: number } | undefined;
  // workerd binds I/O to the request that began it, so no request can wait for another's load.
  // Until the first load of a round has ended, a few more requests load for themselves.
  let round: Round = { beganAt: -Infinity, loads: 0, isLoaded: false, failure: undefined };

  const age = (now: number) => (known ? now - known.fetchedAt : Infinity);
  const isDue = (now: number) => now - round.beganAt >= COOL_DOWN_MILLISECONDS;
  const isUnderWay = () => !round.isLoaded && round.failure === undefined;
  const mayLoad = (now: number) => isDue(now) || (isUnderWay() && round.loads < LOADS_A_ROUND);

  async function load(now: number): Promise<void> {
    if (isDue(now)) round = { beganAt: now, loads: 0, isLoaded: false, failure: undefined };
    const own = round;
    own.loads += 1;
    try {
      const keys = createLocalJWKSet(await fetchKeySet(url));
      // An earlier request can get a later answer, with older keys.
      if (!known || known.fetchedAt <= now) known = { keys, fetchedAt: now };
      own.isLoaded = true;
    } catch (error) {
      own.failure = error instanceof Error ? error.message : 'unknown';
    }
  }

  const missing = () =>
    unavailable(round.failure ?? 'other requests are already loading the key set');

  function usable(now: number): LocalKeys {
    if (known && age(now) < USABLE_MILLISECONDS) return known.keys;
    throw missing();
  }

  /** Old keys stay in use while a request loads newer ones. */
  const needsLoad = (now: number) =>
    age(now) < USABLE_MILLISECONDS ? age(now) >= FRESH_MILLISECONDS && isDue(now) : mayLoad(now);

  return {
    algorithms: PUBLIC_KEY_ALGORITHMS,
    resolveAt: (at) => async (header, token) => {
      const now = at.getTime();
      if (needsLoad(now)) await load(now);
      try {
        return await usable(now)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (mayLoad(now)) await load(now);
        // The key may be one that could not be loaded yet. That is no fault of the token's.
        if (!round.isLoaded) throw missing();
        return usable(now)(header, token);
      }
    },
  };
}

/** The loads of one cool-down. A success outweighs failures. */
type Round = { beganAt: number; loads: number; isLoaded: boolean; failure: string | undefined };

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** Fetches the key set. Throws an error that says why there is no usable one. */
export async function fetchKeySet(url: URL): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // Keys come from the configured address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
  });
  if (response.status !== 200) throw new Error(`the key set answers ${response.status}`);
  const keySet: JSONWebKeySet = await response.json();
  if (!Array.isArray(keySet?.keys)) throw new Error('the answer is not a key set');
  // A provider without usable keys counts as down: the last good keys stay in use.
  if (!keySet.keys.some(isPublicKey)) throw new Error('the key set has no key to verify with');
  return keySet;
}

function isPublicKey({ kty, use }: JWK): boolean {
  return ['RSA', 'EC', 'OKP'].includes(kty ?? '') && use !== 'enc';
}

function unavailable(reason: string): BillingError {
  return new BillingError('identity_provider_unavailable', `No keys to verify with: ${reason}.`);
}
