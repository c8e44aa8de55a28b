import * as errors from 'jose/errors';
import { createLocalJWKSet } from 'jose/jwks/local';
import { loadPublished, type Published } from './copies.ts';
import { keep } from './kept.ts';
import { PUBLIC_KEY_ALGORITHMS, readKeySet, requestKeySet } from './key-set.ts';
import type { Keys } from './keys.ts';

/**
 * The keys that an identity provider publishes, kept as `kept.ts` says. jose's
 * `createRemoteJWKSet` has no answer while the provider is down.
 *
 * @param addressAt  where they are at this time, in Unix milliseconds
 */
export function remoteKeys(addressAt: (now: number) => Promise<URL>): Keys {
  const kept = keep(
    async (now, newer) => loadPublished(keySetAt(await addressAt(now)), now, newer),
    'No keys to verify with',
  );
  return {
    algorithms: PUBLIC_KEY_ALGORITHMS,
    resolveAt: (at) => async (header, token) => {
      const now = at.getTime();
      // Before the keys: others wait for their load, which must not wait for another one.
      await addressAt(now);
      const keys = await kept.at(now);
      try {
        return await keys(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        // The key may be one that could not be loaded. That is no fault of the token's.
        const newer = await kept.newerAt(now);
        return newer(header, token);
      }
    },
  };
}

const keySetAt = (url: URL): Published<ReturnType<typeof createLocalJWKSet>> => ({
  address: url.href,
  request: async () => requestKeySet(url),
  // A provider without usable keys counts as down: the last good keys stay in use.
  async read(answer) {
    const { keys } = await readKeySet(answer);
    if (keys.length === 0) throw new Error('the key set has no key to verify with');
    return createLocalJWKSet({ keys });
  },
});
