import type { Context } from 'hono';
import { BillingError } from '../errors/billing-error.ts';
import { verifyLink, type LinkVerification } from '../links/link.ts';
import { countFailedProof, originOf, type AppEnv } from '../http/context.ts';

/** A link that is ours and not revoked, though its time may be over. */
export type GenuineLink = Exclude<LinkVerification, { kind: 'refused' }>;

/**
 * Verifies the one token that there may be.
 *
 * @throws BillingError `link_invalid`, the same for whatever is wrong, or `rate_limited`
 */
export async function readLink(c: Context<AppEnv>, tokens: string[]): Promise<GenuineLink> {
  const { customers, linkKeys } = c.get('services');
  const [token, ...others] = tokens;
  if (token === undefined || others.length > 0) throw await invalid(c, 'malformed');
  const verification = await verifyLink(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') throw await invalid(c, verification.reason);
  const revokedUntil = await customers.linksRevokedUntil(verification.link.holder);
  if (verification.issuedAt <= revokedUntil) throw await invalid(c, 'revoked');
  return verification;
}

async function invalid(c: Context<AppEnv>, reason: string): Promise<BillingError> {
  c.get('trace').tokenRefusal = `link: ${reason}`;
  await countFailedProof(c);
  return new BillingError('link_invalid', `The link was refused: ${reason}.`, {
    remedy:
      'Compare the token with what README.md, "Signed links", asks for, and its key with LINK_SECRET.',
  });
}
