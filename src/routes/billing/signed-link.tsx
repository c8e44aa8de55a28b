import type { Context } from 'hono';
import { chooseCustomer } from '../../customers/choose.ts';
import type { Customer } from '../../customers/customer.ts';
import { knownCustomers } from '../../customers/find.ts';
import { BillingError } from '../../errors/billing-error.ts';
import type { AppEnv } from '../../http/context.ts';
import { askedLocale } from '../../http/language.ts';
import { connectToPortal, sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { tellsClicks, whoPressed } from '../../http/press.ts';
import type { Link } from '../../links/link.ts';
import { LinkPage } from '../../pages/link.tsx';
import { BUTTON, TICK } from '../../pages/open-form.tsx';
import { lenientIntent, withoutPaying, type Intent } from '../../portal/intent.ts';
import { beginLinkSession } from '../../visitor/link-session.ts';
import { openedOf, openStripe } from '../../visitor/open.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { whoIsPresent, type Present } from '../../visitor/present.ts';
import { readLink, requireUnrevoked, type GenuineLink } from '../../visitor/read-link.ts';
import { ownWayBack, wantedWayBack } from '../../visitor/way-back.ts';
import { chooserFor } from './chooser.ts';
import { answerExpiredLink } from './expired-link.tsx';
import { opensInvoices, payByLink, showInvoices } from './pay-link.tsx';

/** GET of a signed link: shows the account that it opens, and a button. Nothing is opened yet. */
export async function showLink(c: Context<AppEnv>, tokens: string[]): Promise<Response> {
  const genuine = await readLink(c, tokens);
  if (genuine.kind === 'expired') return answerExpiredLink(c, genuine);
  if (opensInvoices(genuine.link)) return showInvoices(c, genuine);
  return linkPage(c, genuine, await whoIsPresent(c, genuine.link.principal));
}

/** POST of that page's button: someone really goes there, so a session is created. */
export async function openLink(
  c: Context<AppEnv>,
  form: Record<string, unknown>,
): Promise<Response> {
  const tokens = [form['token']].flat().filter((each) => typeof each === 'string');
  const genuine = await readLink(c, tokens);
  if (genuine.kind === 'expired') return answerExpiredLink(c, genuine);
  const pressed = form[BUTTON.name];
  const presser = whoPressed(c, { button: pressed, tick: form[TICK.name] });
  if (presser === 'script') {
    throw new BillingError('click_required', 'The form of a link was sent without a click.');
  }
  const { link, key, issuedAt } = genuine;
  if (opensInvoices(link)) {
    const { invoice } = form;
    return presser === 'person' ? payByLink(c, genuine, form) : showInvoices(c, genuine, invoice);
  }
  const { principal, method } = link;
  const present = await whoIsPresent(c, principal);
  if (presser === 'unknown') return linkPage(c, genuine, present, form['customer']);
  const replacesSignedIn = present.kind === 'other';
  if (replacesSignedIn && pressed !== BUTTON.instead) return linkPage(c, genuine, present);
  const wanted = intentOf(c, link, form['customer']);
  const intent = replacesSignedIn ? withoutPaying(wanted) : wanted;
  const now = new Date();
  const wayBack = wantedWayBack(c, intent.return_to) ?? ownWayBack(c);
  // Someone who stays signed in as another subject cannot choose on /billing, which is theirs:
  // the portal's home lets them choose, and pay.
  const ifAmbiguous = replacesSignedIn ? 'home' : 'ask';
  const request = { principal, intent, wayBack, ifAmbiguous } as const;
  const outcome = await openStripe(c.get('services'), request, now);
  // Opening can teach D1 whose customer this is, and who that is may have been revoked.
  await requireUnrevoked(c, genuine);
  c.get('trace').outcome = outcome.kind === 'opened' ? openedOf(outcome) : 'choice';
  if (outcome.kind === 'which_customer') return linkPage(c, genuine, present);
  // The site's own session would outrank ours, so it stays as it is.
  if (!present.bySite) {
    const session = { principal, method, linkIssuedAt: issuedAt, insteadOf: present.expired };
    await beginLinkSession(c, session, key, now);
  }
  if (outcome.kind !== 'opened') {
    return c.redirect(chooserFor({ ...intent, invoice: undefined }), 303);
  }
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}

/** With one of several customers chosen, the page asks for the tick of that one only. */
async function linkPage(
  c: Context<AppEnv>,
  { link, token }: GenuineLink,
  present: Present,
  chosen?: unknown,
): Promise<Response> {
  const { principal } = link;
  const known = await knownCustomers(principal, c.get('services'), 'primary');
  const other = present.kind === 'other' ? present : undefined;
  const wanted = intentOf(c, link, undefined);
  const intent = other ? withoutPaying(wanted) : wanted;
  const customers = askedAbout(intent, known);
  sendOriginOnly(c);
  connectToPortal(c);
  return c.html(
    <LinkPage
      frame={frameOf(c)}
      token={token}
      email={principal.email ?? known[0]?.email ?? undefined}
      flow={intent.flow}
      customers={customers}
      chosen={customers.find(({ id }) => id === chosen)}
      asksTick={!tellsClicks(c)}
      signedInAs={other}
      button={{ name: BUTTON.name, value: other ? BUTTON.instead : BUTTON.plain }}
    />,
  );
}

/** The customers to choose from. Who came to pay chooses an invoice, of whichever customer. */
function askedAbout(intent: Intent, known: Customer[]): Customer[] {
  if (intent.flow === 'pay') return [];
  const choice = chooseCustomer(known, intent);
  return choice.kind === 'one' ? [choice.customer] : known;
}

/** The intent is the link's. The form only says which of several customers. */
function intentOf(c: Context<AppEnv>, link: Link, customer: unknown): Intent {
  const { flow, returnTo, intent } = link;
  const chosen = customer === undefined ? {} : { customer };
  const locale = askedLocale(c);
  return lenientIntent({ flow, return_to: returnTo, locale, ...intent, ...chosen });
}
