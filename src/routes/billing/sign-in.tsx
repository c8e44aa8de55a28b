import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { isChallengeMet } from '../../mail/challenge.ts';
import { deliver, recipientAt, type EmailSignIn, type Recipient } from '../../mail/deliver.ts';
import { mayAsk } from '../../mail/limits.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { LinkKey } from '../../links/keys.ts';
import { EmailSignInPage, MailedPage } from '../../pages/email-sign-in.tsx';
import { composeSignInMail } from '../../pages/sign-in-mail.tsx';
import { allowChallenge } from '../../http/challenge.ts';
import { signingOrigin } from '../../http/addresses.ts';
import { clientAddress, networkOf } from '../../http/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { recipientOf } from './expired-link.tsx';
import { formOnly, sameOriginOnly, smallBodyOnly } from '../../http/guards.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { readLink } from '../../visitor/read-link.ts';

// The longest address of RFC 5321 §4.5.3.1, and enough of its form to catch typing errors.
const ADDRESS = /^(?=.{3,254}$)[^\s@<>",;]+@[^\s@<>",;]+$/;

/** Asks for an address, and mails a signed link to it if it is a customer's. */
export const emailSignIn = new Hono<AppEnv>()
  .get('/', async (c) => {
    await requireMailer(c);
    return signInPage(c, false);
  })
  .post('/', sameOriginOnly, formOnly, smallBodyOnly, async (c) => {
    const mailer = await requireMailer(c);
    const form = await c.req.parseBody();
    await requireFewRequests(c, mailer);
    await requireChallenge(c, form['cf-turnstile-response']);
    const wanted = await wantedMail(c, form);
    if (!wanted) return signInPage(c, true);
    const { brand, locale, supportUrl } = frameOf(c);
    const compose = async (link: string) => composeSignInMail({ brand, locale, supportUrl, link });
    const delivery = { ...wanted, origin: mailer.origin, key: mailer.key, compose };
    c.executionCtx.waitUntil(deliver(mailer.emailSignIn, delivery, new Date()));
    return c.html(<MailedPage frame={frameOf(c)} />);
  });

type Mailer = { emailSignIn: EmailSignIn; key: LinkKey; origin: string };

/** Without an e-mail binding this address does not exist. */
async function requireMailer(c: Context<AppEnv>): Promise<Mailer> {
  const { emailSignIn: configured, linkKeys } = c.get('services');
  const [key] = await linkKeys();
  if (configured && key) return { emailSignIn: configured, key, origin: signingOrigin(c) };
  throw new BillingError('address_not_found', 'There is no e-mail binding.');
}

type Wanted = { address: string; recipient: () => Promise<Recipient | undefined> };

/** The form has the token of an expired link, or else an address. */
async function wantedMail(
  c: Context<AppEnv>,
  { address, token }: Record<string, unknown>,
): Promise<Wanted | undefined> {
  const { stores, config } = c.get('services');
  if (typeof token === 'string') {
    const recipient = await recipientOf(c, await readLink(c, [token]));
    if (!recipient) throw new BillingError('link_expired', 'No address is known for the link.');
    return { address: recipient.address, recipient: async () => recipient };
  }
  const typed = typeof address === 'string' ? address.trim() : '';
  if (!ADDRESS.test(typed)) return undefined;
  const recipient = async () => recipientAt(typed, stores.customers, config.livemode);
  return { address: typed, recipient };
}

async function requireFewRequests(c: Context<AppEnv>, mailer: Mailer): Promise<void> {
  const address = clientAddress(c);
  const network = address === undefined ? undefined : networkOf(address);
  if (await mayAsk(mailer.emailSignIn.limits, network, mailer.key)) return;
  throw new BillingError('sign_in_limited', 'One client asked for many mails.');
}

async function requireChallenge(c: Context<AppEnv>, response: unknown): Promise<void> {
  const { turnstile } = c.get('services').config;
  if (!turnstile) return;
  const text = typeof response === 'string' ? response : undefined;
  if (await isChallengeMet(text, turnstile.secretKey, clientAddress(c))) return;
  throw new BillingError('challenge_failed', 'Turnstile did not verify the visitor.');
}

function signInPage(c: Context<AppEnv>, isRefused: boolean): Response | Promise<Response> {
  sendOriginOnly(c);
  allowChallenge(c);
  const siteKey = c.get('services').config.turnstile?.siteKey;
  const page = <EmailSignInPage frame={frameOf(c)} siteKey={siteKey} isRefused={isRefused} />;
  return c.html(page, isRefused ? 400 : 200);
}
