import { needsLinks } from '../config/remedies.ts';
import { BillingError } from '../errors/billing-error.ts';
import { allowedReturnUrl } from '../portal/return-url.ts';
import type { LinkKeys } from './keys.ts';
import { mintLink } from './link.ts';
import { principalOf, type LinkRequest } from './request.ts';

/** What a link is signed with: our own origin, and those that it may lead back to. */
export type Signing = { origin: string; allowedOrigins: string[]; keys: LinkKeys };

/**
 * Signs the link that a back end asks for.
 *
 * @throws BillingError `return_to_refused`, or `configuration_invalid` without LINK_SECRET
 */
export async function signLink(
  request: LinkRequest,
  { origin, allowedOrigins, keys }: Signing,
  now: Date,
): Promise<{ url: string; expiresAt: number }> {
  const { flow, return_to: returnTo, expires_in: seconds } = request;
  if (returnTo !== undefined && allowedReturnUrl(returnTo, origin, allowedOrigins) === null) {
    throw new BillingError('return_to_refused', 'return_to is not allowed.');
  }
  const [key] = await keys();
  if (!key) {
    throw new BillingError('configuration_invalid', 'There is no LINK_SECRET.', {
      problems: [{ key: 'LINK_SECRET', remedy: needsLinks }],
    });
  }
  const link = { principal: principalOf(request), flow, returnTo };
  const { token, expiresAt } = await mintLink(link, origin, key, now, seconds);
  return { url: `${origin}/billing/manage?token=${token}`, expiresAt };
}
