import type { Context } from 'hono';
import { knownCustomers } from '../customers/find.ts';
import type { Customer } from '../customers/store.ts';
import { BillingError } from '../errors.ts';
import type { Identity } from '../identity/identify.ts';
import { verifyLink, type Link, type LinkVerification } from '../identity/link.ts';
import { lenientIntent, type Intent } from '../intent.ts';
import { LinkPage } from '../pages/link.tsx';
import { freshSession } from '../session.ts';
import { chooserFor } from './chooser.ts';
import { countFailedProof, originOf, type AppEnv } from './context.ts';
import { isPressed } from './guards.ts';
import { answerExpiredLink } from './expired-link.tsx';
import { frameOf } from './page.ts';
import { rememberPortalVisit } from './portal-visit.ts';
import { beginSession, recogniseVisitor } from './visitor.ts';
import { ownWayBack, wantedWayBack } from './way-back.ts';

type Verified = Exclude<LinkVerification, { kind: 'refused' }>;

/** What the button of the link's page is called: what somebody agreed to by pressing it. */
const BUTTON = { name: 'open', plain: 'link', instead: 'instead' } as const;

/** GET of a signed link: whose it is, what it opens, and a button. Nothing is opened yet. */
export async function showLink(c: Context<AppEnv>, tokens: string[]): Promise<Response> {
  const verified = await readLink(c, tokens);
  if (verified.kind === 'expired') return answerExpiredLink(c, verified, tokens[0] ?? '');
  return linkPage(c, verified.link, tokens[0] ?? '', await recogniseOther(c, verified.link));
}

/** POST of that page's button: a person wants it, so there is a session to go to. */
export async function openLink(
  c: Context<AppEnv>,
  form: Record<string, unknown>,
): Promise<Response> {
  const tokens = [form['token']].flat().filter((each) => typeof each === 'string');
  const verified = await readLink(c, tokens);
  const token = tokens[0] ?? '';
  if (verified.kind === 'expired') return answerExpiredLink(c, verified, token);
  const pressed = form[BUTTON.name];
  if (!isPressed(c, pressed)) {
    throw new BillingError('click_required', 'The form of a link was sent without a click.');
  }
  const { link } = verified;
  const other = await recogniseOther(c, link);
  if (other.kind === 'other' && pressed !== BUTTON.instead) return linkPage(c, link, token, other);
  const intent = intentOf(link, form);
  const now = new Date();
  const outcome = await openFor(c, link, intent, other.kind === 'other', now);
  if (outcome.kind === 'which_customer') return linkPage(c, link, token, other);
  // The site's own session stays as it is: it would outrank ours in any case.
  if (!other.isOfSite) {
    const { holder, method, email } = link;
    const session = { holder, method, email, linkIssuedAt: verified.issuedAt };
    await beginSession(c, session, verified.key, now);
  }
  if (outcome.kind === 'which_subscription') return c.redirect(chooserFor(intent), 303);
  rememberPortalVisit(c, outcome);
  c.var.trace.outcome = 'session_opened';
  return c.redirect(outcome.url, 303);
}

/**
 * Verifies the one token that there may be.
 *
 * @throws BillingError `link_invalid`, the same for whatever is wrong, or `rate_limited`
 */
export async function readLink(c: Context<AppEnv>, tokens: string[]): Promise<Verified> {
  const { customers, linkKeys } = c.var.services;
  const [token, ...others] = tokens;
  if (token === undefined || others.length > 0) throw await invalid(c, 'malformed');
  const verification = await verifyLink(token, originOf(c), await linkKeys(), new Date());
  if (verification.kind === 'refused') throw await invalid(c, verification.reason);
  const revokedUntil = await customers.linksRevokedUntil(verification.link.holder);
  if (verification.issuedAt <= revokedUntil) throw await invalid(c, 'revoked');
  return verification;
}

async function invalid(c: Context<AppEnv>, reason: string): Promise<BillingError> {
  c.var.trace.tokenRefusal = `link: ${reason}`;
  await countFailedProof(c);
  return new BillingError('link_invalid', `The link was refused: ${reason}.`, {
    remedy:
      'Compare the token with what README.md, "Signed links", asks for, and its key with LINK_SECRET.',
  });
}

type Other =
  | { kind: 'nobody' | 'same'; isOfSite: boolean }
  | { kind: 'other'; isOfSite: boolean; email: string | undefined };

/** Whether somebody else is signed in here than the one whom the link is for. */
async function recogniseOther(c: Context<AppEnv>, { holder }: Link): Promise<Other> {
  const identification = await recogniseVisitor(c);
  if (identification.kind !== 'recognised') return { kind: 'nobody', isOfSite: false };
  const { identity } = identification;
  const isOfSite = identity.via === 'jwt';
  const theirs = await knownCustomers(identity, c.var.services, 'primary');
  return holds(identity, theirs, holder)
    ? { kind: 'same', isOfSite }
    : { kind: 'other', isOfSite, email: identity.email ?? theirs[0]?.email ?? undefined };
}

function holds(identity: Identity, theirs: Customer[], holder: Link['holder']): boolean {
  if ('subject' in holder) return 'subject' in identity && identity.subject === holder.subject;
  return holder.customers.every((id) => theirs.some((customer) => customer.id === id));
}

async function linkPage(
  c: Context<AppEnv>,
  link: Link,
  token: string,
  other: Other,
): Promise<Response> {
  const customers = await knownCustomers(link.holder, c.var.services, 'primary');
  // The form is ours, and an older browser tells that by `Origin` alone.
  c.header('referrer-policy', 'same-origin');
  return c.html(
    <LinkPage
      frame={frameOf(c)}
      token={token}
      email={link.email ?? customers[0]?.email ?? undefined}
      flow={intentOf(link, {}).flow}
      customers={customers}
      signedInAs={other.kind === 'other' ? { email: other.email } : undefined}
      button={{ name: BUTTON.name, value: other.kind === 'other' ? BUTTON.instead : BUTTON.plain }}
    />,
  );
}

/** The link says what is wanted; the form only which of several customers, and the language. */
function intentOf({ flow, returnTo }: Link, form: Record<string, unknown>): Intent {
  const { customer, locale } = form;
  return lenientIntent({ flow, return_to: returnTo, customer, locale });
}

/**
 * Whoever stays signed in as somebody else cannot be asked which subscription on `/billing`,
 * which is theirs: the portal's home lets them choose.
 */
async function openFor(
  c: Context<AppEnv>,
  { holder }: Link,
  intent: Intent,
  isInstead: boolean,
  now: Date,
): ReturnType<typeof freshSession> {
  const wayBack = wantedWayBack(c, intent.return_to) ?? ownWayBack(c);
  const outcome = await freshSession(c.var.services, holder, intent, wayBack, now);
  if (outcome.kind !== 'which_subscription' || !isInstead) return outcome;
  const { flow: _, ...home } = intent;
  return freshSession(c.var.services, holder, home, wayBack, now);
}
