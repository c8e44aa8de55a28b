import type { Context } from 'hono';
import { BillingError } from '../../errors/billing-error.ts';
import { emailSignInAddress, signInAddress } from '../../http/addresses.ts';
import { allowChallenge } from '../../http/challenge.ts';
import type { AppEnv } from '../../http/context.ts';
import { wantsPage } from '../../http/fault-answer.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { ExpiredLinkPage } from '../../pages/expired-link.tsx';
import type { GenuineLink } from '../../visitor/read-link.ts';
import { recipientOf } from '../../visitor/renewal.ts';
import { permanentFor } from './link-goal.ts';
import { answerIfNothingDue } from './pay-link.tsx';

/**
 * Offers to mail a new link, where one can be mailed. A link to pay says that nothing is due when
 * that is so.
 */
export async function answerExpiredLink(
  c: Context<AppEnv>,
  expired: GenuineLink,
): Promise<Response> {
  const nothingDue = await answerIfNothingDue(c, expired);
  if (nothingDue) return nothingDue;
  const goal = permanentFor(c, expired.link);
  const { config } = c.get('services');
  const mayMail = emailSignInAddress(c, '/billing') !== undefined;
  const recipient = mayMail ? await recipientOf(c, expired) : undefined;
  // Not before: a fault of D1 is tried again at the link.
  c.set('goal', goal);
  if (!recipient || !wantsPage(c)) {
    throw new BillingError('link_expired', 'The link was valid until it expired.');
  }
  sendOriginOnly(c);
  allowChallenge(c);
  return c.html(
    <ExpiredLinkPage
      frame={await frameOf(c)}
      email={recipient.address}
      token={expired.token}
      siteKey={config.turnstile?.siteKey}
      signInUrl={signInAddress(c, goal)}
    />,
    410,
  );
}
