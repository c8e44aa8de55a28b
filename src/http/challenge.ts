import type { Context } from 'hono';
import type { AppEnv } from './context.ts';
import { formTargets, imageSources, nonceOf } from './headers.ts';

const TURNSTILE = 'https://challenges.cloudflare.com';

/**
 * Sets the policy of a page with Turnstile's widget, if that is configured: one script, by its
 * nonce, and the frames that it opens.
 * https://developers.cloudflare.com/turnstile/reference/content-security-policy/
 */
export function allowChallenge(c: Context<AppEnv>): void {
  if (!c.get('services').config.turnstile) return;
  const nonce = `'nonce-${nonceOf(c)}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${nonce} ${TURNSTILE}`,
    `frame-src ${TURNSTILE}`,
    `connect-src ${TURNSTILE}`,
    `style-src ${nonce}`,
    `img-src ${imageSources(c)}`,
    `form-action 'self' ${formTargets(c)}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  c.header('content-security-policy', policy.join('; '));
}
