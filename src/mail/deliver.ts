import type { MailStore } from '../customers/stores/mails.ts';
import type { LinkKey } from '../links/keys.ts';
import { mintLink, type Link } from '../links/link.ts';
import { log } from '../telemetry/log.ts';
import { isAddress } from './address.ts';
import { mayBeMailed, mayBeSent, type Limits } from './limits.ts';
import type { Recipient } from './recipient.ts';

/** What signing in by e-mail needs. */
export type EmailSignIn = {
  binding: SendEmail;
  /** The address that mails come from. */
  sender: string;
  limits: Limits;
};

type Mail = { subject: string; html: string; text: string };

/** Writes the mail for a link. */
export type Compose = (link: string) => Promise<Mail>;

export type Delivery = {
  /** Undefined if the address belongs to no customer that mails may go to. */
  recipient: () => Promise<Recipient | undefined>;
  /** What the requester typed. It is counted, even if it belongs to no customer. */
  address: string;
  /** The requester's network, which is counted, too. */
  network: string | undefined;
  /** What the link opens. */
  destination: Pick<Link, 'flow' | 'returnTo' | 'intent'>;
  origin: string;
  key: LinkKey;
  /** The sender's name. */
  brand: string;
  /** The language that the link's page is in: that of the mail. */
  locale: string;
  compose: Compose;
};

/** A mailed link is for now. After an hour, people ask for another. */
export const MAILED_LINK_SECONDS = 3600;
// By then the response has left. Earlier work could be felt in its time.
const AFTER_ANSWER_MILLISECONDS = 100;

/**
 * Does everything that depends on whether the address is known, and on what was sent before. It
 * runs after the response, so that neither the response nor its time reveals it. The log gets the
 * code of a failure only: a message of the mail service can contain the address.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
export async function deliver(
  { binding, sender, limits }: EmailSignIn,
  mails: MailStore,
  { recipient, address, network, destination, origin, key, brand, locale, compose }: Delivery,
  now: Date,
): Promise<void> {
  try {
    await new Promise((resolve) => setTimeout(resolve, AFTER_ANSWER_MILLISECONDS));
    if (!(await mayBeMailed(limits, { address, network }, key))) {
      return log('info', { event: 'sign_in_email', outcome: 'limited' });
    }
    const found = await recipient();
    if (!found) return log('info', { event: 'sign_in_email', outcome: 'no_customer' });
    const customers = await mayBeSent(mails, { ...found, network }, key, now);
    if (customers.length === 0) {
      return log('info', { event: 'sign_in_email', outcome: 'limited' });
    }
    const principal = { customers, email: found.address };
    const link = { principal, method: 'email' as const, ...destination };
    const { token } = await mintLink(link, origin, key, now, MAILED_LINK_SECONDS);
    const mail = await compose(`${origin}/billing/manage?locale=${locale}&token=${token}`);
    await send(binding, { email: sender, name: brand }, found.address, mail);
    log('info', { event: 'sign_in_email', outcome: 'sent' });
  } catch (error) {
    log('error', { event: 'sign_in_email_failed', code: codeOf(error) });
  }
}

/** Stripe takes more than one address, and other things, for an e-mail address. */
async function send(binding: SendEmail, sender: EmailAddress, to: string, mail: Mail) {
  if (!isAddress(to)) {
    throw Object.assign(new Error('This is not one address.'), { code: 'recipient_invalid' });
  }
  await binding.send({ to, from: sender, ...mail });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'unexpected';
}
