import type { CustomerStore } from '../customers/stores/customers.ts';
import type { LinkKey } from '../links/keys.ts';
import { mintLink, type Link } from '../links/link.ts';
import { log } from '../telemetry/log.ts';
import { mayBeMailed, type Limits } from './limits.ts';

/** What signing in by e-mail needs. */
export type EmailSignIn = {
  binding: SendEmail;
  sender: EmailAddress;
  limits: Limits;
};

/** Writes the mail for a link. */
export type Compose = (link: string) => Promise<{ subject: string; html: string; text: string }>;

export type Delivery = {
  /** The link and its address; undefined if the address belongs to no customer. */
  recipient: () => Promise<Recipient | undefined>;
  /** What the requester typed. It is counted, even if it belongs to no customer. */
  address: string;
  origin: string;
  key: LinkKey;
  compose: Compose;
};

export type Recipient = { address: string; link: Omit<Link, 'method'> };

/** A mailed link is for now. After an hour, people ask for another. */
export const MAILED_LINK_SECONDS = 3600;
const CUSTOMERS = 20;
// By then the response has left. Earlier work could be felt in its time.
const AFTER_ANSWER_MILLISECONDS = 100;

/**
 * All customers with this address, on one link. The mail goes to the address as Stripe has it,
 * never to the one that was typed.
 */
export async function recipientAt(
  address: string,
  customers: CustomerStore,
  livemode: boolean,
): Promise<Recipient | undefined> {
  const found = await customers.findByEmail(address, livemode, CUSTOMERS);
  const email = found[0]?.email;
  if (!email) return undefined;
  const principal = { customers: found.map(({ id }) => id), email };
  return { address: email, link: { principal, flow: undefined, returnTo: undefined } };
}

/**
 * Does everything that depends on whether the address is known. It runs after the response, so
 * that neither the response nor its time reveals it. The log gets the code of a failure only: a
 * message of the mail service can contain the address.
 * https://developers.cloudflare.com/email-service/api/send-emails/workers-api/
 */
export async function deliver(
  { binding, sender, limits }: EmailSignIn,
  { recipient, address, origin, key, compose }: Delivery,
  now: Date,
): Promise<void> {
  try {
    await new Promise((resolve) => setTimeout(resolve, AFTER_ANSWER_MILLISECONDS));
    if (!(await mayBeMailed(limits, address, key))) {
      return log('info', { event: 'sign_in_email', outcome: 'limited' });
    }
    const found = await recipient();
    if (!found) return log('info', { event: 'sign_in_email', outcome: 'no_customer' });
    const link = { ...found.link, method: 'email' as const };
    const { token } = await mintLink(link, origin, key, now, MAILED_LINK_SECONDS);
    const mail = await compose(`${origin}/billing/manage?token=${token}`);
    await binding.send({ to: found.address, from: sender, ...mail });
    log('info', { event: 'sign_in_email', outcome: 'sent' });
  } catch (error) {
    log('error', { event: 'sign_in_email_failed', code: codeOf(error) });
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'unexpected';
}
