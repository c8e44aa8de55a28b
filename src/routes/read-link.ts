import type { Context } from 'hono';
import { BillingError } from '../errors.ts';
import { verifyLink, type LinkVerification } from '../identity/link.ts';
import { log } from '../log.ts';
import { originOf, type AppEnv } from './context.ts';

/** A link that is ours and not revoked, though its time may be over. */
export type GenuineLink = Exclude<LinkVerification, { kind: 'refused' }>;

/**
 * Verifies the one token that there may be.
 *
 * @throws BillingError `link_invalid`, the same for whatever is wrong
 */
export async function readLink(c: Context<AppEnv>, tokens: string[]): Promise<GenuineLink> {
  const { customers, linkKeys } = c.var.services;
  const [token, ...others] = tokens;
  if (token === undefined || others.length > 0) throw invalid('malformed');
  const verification = await verifyLink(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') throw invalid(verification.reason);
  const revokedUntil = await customers.linksRevokedUntil(verification.link.holder);
  if (verification.issuedAt <= revokedUntil) throw invalid('revoked');
  return verification;
}

function invalid(reason: string): BillingError {
  log('info', { event: 'token_refused', via: 'link', reason });
  return new BillingError('link_invalid', `The link was refused: ${reason}.`, {
    remedy:
      'Compare the token with what README.md, "Signed links", asks for, and its key with LINK_SECRET.',
  });
}
