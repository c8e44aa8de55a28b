import type { Context } from 'hono';
import { knownCustomers } from '../../customers/find.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { emailSignInAddress, signInAddress } from '../../http/addresses.ts';
import { allowChallenge } from '../../http/challenge.ts';
import type { AppEnv } from '../../http/context.ts';
import { wantsPage } from '../../http/fault.tsx';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { isRenewable } from '../../links/link.ts';
import { recipientAmong, type Recipient } from '../../mail/recipient.ts';
import { ExpiredLinkPage } from '../../pages/expired-link.tsx';
import type { GenuineLink } from '../../visitor/read-link.ts';

/** Offers to mail a new link, where one can be mailed. */
export async function answerExpiredLink(
  c: Context<AppEnv>,
  expired: GenuineLink,
): Promise<Response> {
  const { config } = c.get('services');
  const mayMail = emailSignInAddress(c) !== undefined;
  const recipient = mayMail ? await recipientOf(c, expired) : undefined;
  if (!recipient || !wantsPage(c)) {
    throw new BillingError('link_expired', 'The link was valid until it expired.');
  }
  sendOriginOnly(c);
  allowChallenge(c);
  return c.html(
    <ExpiredLinkPage
      frame={frameOf(c)}
      email={recipient.address}
      token={expired.token}
      siteKey={config.turnstile?.siteKey}
      signInUrl={signInAddress(c, '/billing')}
    />,
    410,
  );
}

/**
 * Who gets a new link: the owner of the address that the link's customers have today. The address
 * in the old link may be somebody else's by now. Undefined if no link can be mailed.
 */
export async function recipientOf(
  c: Context<AppEnv>,
  genuine: GenuineLink,
): Promise<Recipient | undefined> {
  if (genuine.mailIsStopped || !isRenewable(genuine, new Date())) return undefined;
  const { principal } = genuine.link;
  const customers = await knownCustomers(principal, c.get('services'), 'primary');
  return recipientAmong(customers, principal.email);
}
