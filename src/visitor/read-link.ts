import type { Context } from 'hono';
import { BillingError } from '../errors/billing-error.ts';
import { originOf } from '../http/addresses.ts';
import type { AppEnv } from '../http/context.ts';
import { verifyLink, type LinkVerification } from '../links/link.ts';
import { countProof } from './recognise.ts';

// With it, the form still fits into a body, and the address into what Cloudflare takes.
const LONGEST_TOKEN = 15_000;

/** A link that we signed and have not revoked, with its token. It may have expired. */
export type GenuineLink = Exclude<LinkVerification, { kind: 'refused' }> & {
  token: string;
  /** Whether no link may be mailed for its principal until the operator allows it again. */
  mailIsStopped: boolean;
};

/**
 * Verifies the link's token, which must be the only one of the request.
 *
 * @throws BillingError `link_invalid`, whatever is wrong with it, or `rate_limited`
 */
export async function readLink(c: Context<AppEnv>, tokens: string[]): Promise<GenuineLink> {
  const { linkKeys } = c.get('services');
  const [token, ...others] = tokens;
  if (token === undefined || others.length > 0 || token.length > LONGEST_TOKEN) {
    throw await invalid(c, 'malformed');
  }
  const verification = await verifyLink(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') throw await invalid(c, verification.reason);
  const mailIsStopped = await requireUnrevoked(c, verification);
  return { ...verification, token, mailIsStopped };
}

/**
 * Asks whether a link is revoked, by whatever name D1 knows its customers at this moment.
 *
 * @returns whether mails for its principal are stopped
 * @throws BillingError `link_invalid`
 */
export async function requireUnrevoked(
  c: Context<AppEnv>,
  { link, issuedAt }: Pick<GenuineLink, 'link' | 'issuedAt'>,
): Promise<boolean> {
  const { until, mailIsStopped } = await c.get('services').links.revocationOf(link.principal);
  if (issuedAt <= until) throw await invalid(c, 'revoked');
  return mailIsStopped;
}

async function invalid(c: Context<AppEnv>, reason: string): Promise<BillingError> {
  c.get('trace').tokenRefusal = `link: ${reason}`;
  await countProof(c);
  return new BillingError('link_invalid', `The link was refused: ${reason}.`);
}
