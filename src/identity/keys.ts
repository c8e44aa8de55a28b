import type { JWTVerifyGetKey } from 'jose';
import * as errors from 'jose/errors';

/**
 * A source of keys, and the only algorithms that they may be used with. Several sources are tried
 * in turn while a secret is being rotated.
 */
export type Keys = { algorithms: string[]; resolveAt(now: Date): JWTVerifyGetKey };

const SHARED_SECRET_ALGORITHMS = ['HS256'];

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
