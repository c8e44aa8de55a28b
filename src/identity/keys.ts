import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose';
import { BillingError } from '../errors.ts';

/** Where the keys of tokens come from, and the only algorithms that they may be used with. */
export type Keys = { algorithms: string[]; resolveAt(now: Date): JWTVerifyGetKey };

// The two families never meet: a public key must not pass for an HMAC secret (RFC 8725 §2.1).
export const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const SHARED_SECRET_ALGORITHMS = ['HS256'];

const FRESH_MILLISECONDS = 10 * 60_000;
const USABLE_MILLISECONDS = 60 * 60_000;
const COOL_DOWN_MILLISECONDS = 30_000;
const FETCH_MILLISECONDS = 3_000;
const FIRST_LOADS = 8;

/** The one secret that the site signs its tokens with; at least 32 bytes. */
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

/** Of a site without accounts of its own, whose customers come by signed links. */
export const noKeys: Keys = {
  algorithms: SHARED_SECRET_ALGORITHMS,
  resolveAt: () => async () => {
    throw new errors.JWKSNoMatchingKey();
  },
};

/**
 * The keys that an identity provider publishes (RFC 7517 §5). They are fetched anew after ten
 * minutes, or for a key id that they lack, but never within 30 s of the last attempt: a flood
 * of made-up key ids costs one fetch, or a few before there are any keys. While the provider is
 * down, the last good keys serve until they are an hour old. jose's `createRemoteJWKSet` has no
 * such grace.
 */
export function remoteKeys(url: URL): Keys {
  let known: { keys: LocalKeys; fetchedAt: number } | undefined;
  let attemptedAt = -Infinity;
  let lastFailure: string | undefined;

  let loading = 0;

  const age = (now: number) => (known ? now - known.fetchedAt : Infinity);
  // Before the first keys have come, each of the first few requests loads them for itself:
  // workerd binds I/O to the request that began it, so that none could wait for another's.
  const mayReload = (now: number) =>
    known === undefined && lastFailure === undefined
      ? loading < FIRST_LOADS
      : now - attemptedAt >= COOL_DOWN_MILLISECONDS;

  async function reload(now: number): Promise<void> {
    attemptedAt = now;
    loading += 1;
    try {
      known = { keys: createLocalJWKSet(await fetchKeySet(url)), fetchedAt: now };
      lastFailure = undefined;
    } catch (error) {
      lastFailure = error instanceof Error ? error.message : 'unknown';
    } finally {
      loading -= 1;
    }
  }

  function usable(now: number): LocalKeys {
    if (known && age(now) < USABLE_MILLISECONDS) return known.keys;
    throw unavailable(lastFailure ?? 'others are waiting for the key set already');
  }

  return {
    algorithms: PUBLIC_KEY_ALGORITHMS,
    resolveAt: (at) => async (header, token) => {
      const now = at.getTime();
      if (age(now) >= FRESH_MILLISECONDS && mayReload(now)) await reload(now);
      try {
        return await usable(now)(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (mayReload(now)) await reload(now);
        // The key may be one that could not be loaded: that is no fault of whoever holds it.
        if (lastFailure !== undefined) throw unavailable(lastFailure);
        return usable(now)(header, token);
      }
    },
  };
}

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** The key set at this address. Throws an error that says in words why there is none of use. */
export async function fetchKeySet(url: URL): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // Keys come from the configured address and no other.
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MILLISECONDS),
  });
  if (response.status !== 200) throw new Error(`the key set answers ${response.status}`);
  const keySet: JSONWebKeySet = await response.json();
  if (!Array.isArray(keySet?.keys)) throw new Error('the answer is no key set');
  // A provider that publishes nothing of use is as good as down: the last good keys go on.
  if (!keySet.keys.some(isPublicKey)) throw new Error('the key set has no key to verify with');
  return keySet;
}

function isPublicKey({ kty, use }: JWK): boolean {
  return ['RSA', 'EC', 'OKP'].includes(kty ?? '') && use !== 'enc';
}

function unavailable(reason: string): BillingError {
  return new BillingError('identity_provider_unavailable', `No keys to verify with: ${reason}.`, {
    remedy: 'Check that AUTH_JWKS_URL answers with a JSON Web Key Set.',
  });
}
