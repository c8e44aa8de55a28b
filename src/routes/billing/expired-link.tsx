import type { Context } from 'hono';
import { knownCustomers } from '../../customers/find.ts';
import type { Recipient } from '../../mail/deliver.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { ExpiredLinkPage } from '../../pages/expired-link.tsx';
import { allowChallenge } from '../../http/challenge.ts';
import type { AppEnv } from '../../http/context.ts';
import { wantsPage } from '../../http/fault.tsx';
import { frameOf } from '../../http/page.ts';
import type { GenuineLink } from '../../visitor/read-link.ts';
import { signInAddress } from '../../visitor/sign-in.ts';

/** Offers to mail a new link to whom the old one was for, where mails can be sent. */
export async function answerExpiredLink(
  c: Context<AppEnv>,
  expired: GenuineLink,
  token: string,
): Promise<Response> {
  const { config, emailSignIn } = c.get('services');
  const recipient = emailSignIn && (await recipientOf(c, expired));
  if (!recipient || !wantsPage(c)) {
    throw new BillingError('link_expired', 'The link was good and has expired.');
  }
  c.header('referrer-policy', 'same-origin');
  allowChallenge(c);
  return c.html(
    <ExpiredLinkPage
      frame={frameOf(c)}
      email={recipient.address}
      token={token}
      siteKey={config.turnstile?.siteKey}
      signInUrl={signInAddress(c, '/billing')}
    />,
    410,
  );
}

/** Where a new link goes: to the address that the old one, or else Stripe, names. */
export async function recipientOf(
  c: Context<AppEnv>,
  { link }: GenuineLink,
): Promise<Recipient | undefined> {
  const address =
    link.email ?? (await knownCustomers(link.holder, c.get('services'), 'primary'))[0]?.email;
  return address ? { address, link } : undefined;
}
