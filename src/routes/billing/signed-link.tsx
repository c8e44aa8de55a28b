import type { Context } from 'hono';
import { knownCustomers } from '../../customers/find.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { Link } from '../../links/link.ts';
import { lenientIntent, type Intent } from '../../portal/intent.ts';
import { LinkPage } from '../../pages/link.tsx';
import { freshSession } from '../../visitor/fresh-session.ts';
import { chooserFor } from './chooser.ts';
import type { AppEnv } from '../../http/context.ts';
import { answerExpiredLink } from './expired-link.tsx';
import { isPressed } from '../../http/guards.ts';
import { frameOf } from '../../http/page.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { whoIsPresent, type Present } from '../../visitor/present.ts';
import { readLink } from '../../visitor/read-link.ts';
import { beginSession } from '../../visitor/recognise.ts';
import { ownWayBack, wantedWayBack } from '../../visitor/way-back.ts';

/** What the button of the link's page is called: what somebody agreed to by pressing it. */
const BUTTON = { name: 'open', plain: 'link', instead: 'instead' } as const;

/** GET of a signed link: whose it is, what it opens, and a button. Nothing is opened yet. */
export async function showLink(c: Context<AppEnv>, tokens: string[]): Promise<Response> {
  const genuine = await readLink(c, tokens);
  const [token = ''] = tokens;
  if (genuine.kind === 'expired') return answerExpiredLink(c, genuine, token);
  return linkPage(c, genuine.link, token, await whoIsPresent(c, genuine.link.holder));
}

/** POST of that page's button: a person wants it, so there is a session to go to. */
export async function openLink(
  c: Context<AppEnv>,
  form: Record<string, unknown>,
): Promise<Response> {
  const tokens = [form['token']].flat().filter((each) => typeof each === 'string');
  const genuine = await readLink(c, tokens);
  const [token = ''] = tokens;
  if (genuine.kind === 'expired') return answerExpiredLink(c, genuine, token);
  const pressed = form[BUTTON.name];
  if (!isPressed(c, pressed)) {
    throw new BillingError('click_required', 'The form of a link was sent without a click.');
  }
  const { link, key, issuedAt } = genuine;
  const { holder, method, email } = link;
  const present = await whoIsPresent(c, holder);
  const isInstead = present.kind === 'other';
  if (isInstead && pressed !== BUTTON.instead) return linkPage(c, link, token, present);
  const intent = intentOf(c, link, form['customer']);
  const now = new Date();
  const outcome = await openFor(c, link, intent, isInstead, now);
  c.get('trace').outcome = outcome.kind === 'opened' ? 'session_opened' : 'choice';
  if (outcome.kind === 'which_customer') return linkPage(c, link, token, present);
  // The site's own session stays as it is: it would outrank ours in any case.
  if (!present.isOfSite) {
    await beginSession(c, { holder, method, email, linkIssuedAt: issuedAt }, key, now);
  }
  if (outcome.kind === 'which_subscription') return c.redirect(chooserFor(intent), 303);
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}

async function linkPage(
  c: Context<AppEnv>,
  link: Link,
  token: string,
  present: Present,
): Promise<Response> {
  const customers = await knownCustomers(link.holder, c.get('services'), 'primary');
  const other = present.kind === 'other' ? { email: present.email } : undefined;
  // The form is ours, and an older browser tells that by `Origin` alone.
  c.header('referrer-policy', 'same-origin');
  return c.html(
    <LinkPage
      frame={frameOf(c)}
      token={token}
      email={link.email ?? customers[0]?.email ?? undefined}
      flow={intentOf(c, link, undefined).flow}
      customers={customers}
      signedInAs={other}
      button={{ name: BUTTON.name, value: other ? BUTTON.instead : BUTTON.plain }}
    />,
  );
}

/** The link says what is wanted; the form only which of several customers. */
function intentOf(c: Context<AppEnv>, { flow, returnTo }: Link, customer: unknown): Intent {
  const locale = c.req.query('locale');
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
  const outcome = await freshSession(c.get('services'), holder, intent, wayBack, now);
  if (outcome.kind !== 'which_subscription' || !isInstead) return outcome;
  const { flow: _, ...home } = intent;
  return freshSession(c.get('services'), holder, home, wayBack, now);
}
