import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiKey, Scope } from '../config/api-keys.ts';
import { BillingError } from '../errors/billing-error.ts';
import type { AppEnv } from '../http/context.ts';
import { bearerToken } from '../identity/identify.ts';
import { countProof } from './recognise.ts';

/** Back ends authenticate with a key. Without LINK_API_KEY this address does not exist. */
export const keyHolderOnly = (scope: Scope) =>
  createMiddleware<AppEnv>(async (c, next) => {
    if (c.get('services').config.apiKeys.length === 0) {
      throw new BillingError('address_not_found', 'No LINK_API_KEY.');
    }
    await requireKey(c, scope);
    return next();
  });

/**
 * Demands a key that may do this.
 *
 * @throws BillingError `api_key_refused`, `api_key_not_allowed`, `rate_limited`
 */
export async function requireKey(c: Context<AppEnv>, scope: Scope): Promise<void> {
  const given = bearerToken(c.req.header('authorization'));
  const held = given === undefined ? [] : await keysLike(given, c.get('services').config.apiKeys);
  if (held.length === 0) {
    if (given !== undefined) await countProof(c);
    throw new BillingError('api_key_refused', 'The bearer token is not in LINK_API_KEY.', {
      headers: { 'www-authenticate': 'Bearer realm="links"' },
    });
  }
  if (held.some(({ may }) => may.includes(scope))) return;
  throw new BillingError('api_key_not_allowed', `The key may not ${scope}.`, {
    detail: `This key may not ${scope}. The operator writes what a key may do before it: ${scope}:KEY.`,
  });
}

/**
 * Compares HMACs under a key that is new for each call, so the time taken reveals nothing. Node,
 * where a mount can run, has no `crypto.subtle.timingSafeEqual`.
 */
async function keysLike(given: string, keys: ApiKey[]): Promise<ApiKey[]> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey(
    'raw',
    crypto.getRandomValues(new Uint8Array(32)),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );
  const mac = await crypto.subtle.sign('HMAC', secret, encoder.encode(given));
  const areEqual = await Promise.all(
    keys.map(async ({ key }) => crypto.subtle.verify('HMAC', secret, mac, encoder.encode(key))),
  );
  return keys.filter((_, index) => areEqual[index]);
}
