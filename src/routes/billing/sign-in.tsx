import type { Context } from 'hono';
import { isChallengeMet } from '../../mail/challenge.ts';
import { isAddress } from '../../mail/address.ts';
import { deliver, type Delivery, type EmailSignIn } from '../../mail/deliver.ts';
import { mayAsk } from '../../mail/limits.ts';
import { recipientAt } from '../../mail/recipient.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { LinkKey } from '../../links/keys.ts';
import { CHALLENGE_ACTION } from '../../pages/challenge.tsx';
import { EmailSignInPage, MailedPage } from '../../pages/email-sign-in.tsx';
import { isMasked, maskEmail } from '../../pages/mask.ts';
import { composeSignInMail } from '../../pages/sign-in-mail.tsx';
import { allowChallenge } from '../../http/challenge.ts';
import { emailSignInAddress, goalIn, signingOrigin, type Goal } from '../../http/addresses.ts';
import { clientAddress, networkOf } from '../../http/client.ts';
import type { AppEnv } from '../../http/context.ts';
import { connectToPortal, sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { readLink } from '../../visitor/read-link.ts';
import { recipientOf } from '../../visitor/renewal.ts';
import { permanentFor } from './link-goal.ts';

// RFC 5321 §4.5.3.1.3, less the brackets.
const LONGEST = 254;

/** Asks for an address. */
export async function askForAddress(c: Context<AppEnv>): Promise<Response> {
  await requireMailer(c);
  const { email = '', sent, to = '' } = c.req.query();
  if (sent !== undefined) return mailedPage(c, sent, to);
  // Anyone can write the address of this page: what fills its field in is an e-mail address.
  const address = isAddress(email) ? email : '';
  return signInPage(c, { address, goal: goalIn(c, to), isRefused: false });
}

/** Mails a signed link to an address, if it is a customer's. */
export async function mailLink(c: Context<AppEnv>): Promise<Response> {
  const mailer = await requireMailer(c);
  const form = await c.req.parseBody();
  c.set('form', form);
  await requireFewRequests(c, mailer);
  await requireChallenge(c, mailer, form['cf-turnstile-response']);
  const wanted = await wantedMail(c, form);
  // A link that is renewed has its own.
  const goal = goalIn(c, c.var.goal ?? textOf(form['to']));
  if (!wanted) {
    const address = textOf(form['address']).slice(0, LONGEST);
    return signInPage(c, { address, goal, isRefused: true });
  }
  const { brand, locale, supportUrl } = await frameOf(c);
  const delivery = {
    ...wanted,
    network: clientNetwork(c),
    origin: mailer.origin,
    key: mailer.key,
    brand: brand.name,
    locale: locale.tag,
    compose: async (link: string) => composeSignInMail({ brand, locale, supportUrl, link }),
  };
  const { mails } = c.get('services').stores;
  c.executionCtx.waitUntil(deliver(mailer.emailSignIn, mails, delivery, new Date()));
  const sent = maskEmail(wanted.address);
  const after = new URLSearchParams({ sent, ...(goal && { to: goal.address }) });
  return c.redirect(`/billing/sign-in?${after.toString()}`, 303);
}

type Mailer = { emailSignIn: EmailSignIn; key: LinkKey; origin: string };

/** Without an e-mail binding this address does not exist. */
async function requireMailer(c: Context<AppEnv>): Promise<Mailer> {
  const { emailSignIn: configured, linkKeys } = c.get('services');
  const [key] = await linkKeys();
  if (configured && key) return { emailSignIn: configured, key, origin: signingOrigin(c) };
  throw new BillingError('address_not_found', 'There is no e-mail binding.');
}

type Wanted = Pick<Delivery, 'address' | 'recipient' | 'destination'>;

/** The form has the token of an expired link, or else an address. */
async function wantedMail(
  c: Context<AppEnv>,
  { address, token, to }: Record<string, unknown>,
): Promise<Wanted | undefined> {
  const { stores, links, config } = c.get('services');
  if (typeof token === 'string') {
    const genuine = await readLink(c, [token]);
    c.set('goal', permanentFor(c, genuine.link));
    const recipient = await recipientOf(c, genuine);
    if (!recipient) throw new BillingError('link_expired', 'No new link can be mailed.');
    const { flow, returnTo, intent } = genuine.link;
    return {
      address: recipient.address,
      recipient: async () => recipient,
      destination: { flow, returnTo, intent },
    };
  }
  const typed = textOf(address).trim();
  if (!isAddress(typed)) return undefined;
  const known = { customers: stores.customers, links };
  const recipient = async () => recipientAt(typed, known, config.livemode);
  const intent = goalIn(c, textOf(to))?.intent;
  const destination = { flow: undefined, returnTo: undefined, intent };
  return { address: typed, recipient, destination };
}

async function requireFewRequests(c: Context<AppEnv>, mailer: Mailer): Promise<void> {
  if (await mayAsk(mailer.emailSignIn.limits, clientNetwork(c), mailer.key)) return;
  throw new BillingError('sign_in_limited', 'One client asked for many mails.');
}

function clientNetwork(c: Context<AppEnv>): string | undefined {
  const address = clientAddress(c);
  return address === undefined ? undefined : networkOf(address);
}

async function requireChallenge(
  c: Context<AppEnv>,
  mailer: Mailer,
  response: unknown,
): Promise<void> {
  const { turnstile } = c.get('services').config;
  if (!turnstile) return;
  const page = { hostname: new URL(mailer.origin).hostname, action: CHALLENGE_ACTION };
  if (await isChallengeMet(textOf(response), turnstile.secretKey, clientAddress(c), page)) return;
  throw new BillingError('challenge_failed', 'Turnstile did not verify the visitor.');
}

const textOf = (field: unknown) => (typeof field === 'string' ? field : '');

async function signInPage(
  c: Context<AppEnv>,
  { goal, ...form }: { address: string; goal: Goal | undefined; isRefused: boolean },
): Promise<Response> {
  sendOriginOnly(c);
  connectToPortal(c);
  allowChallenge(c);
  const siteKey = c.get('services').config.turnstile?.siteKey;
  const page = (
    <EmailSignInPage frame={await frameOf(c)} siteKey={siteKey} to={goal?.address} {...form} />
  );
  return c.html(page, form.isRefused ? 400 : 200);
}

/** Addresses of pages are kept in histories and logs, so this one has the e-mail address masked. */
async function mailedPage(c: Context<AppEnv>, sent: string, to: string): Promise<Response> {
  const address = isMasked(sent) && isAddress(sent.replace('•••', 'x')) ? sent : undefined;
  const changeUrl = emailSignInAddress(c, to) ?? c.req.path;
  return c.html(<MailedPage frame={await frameOf(c)} address={address} changeUrl={changeUrl} />);
}
