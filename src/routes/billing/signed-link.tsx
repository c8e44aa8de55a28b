import type { Context } from 'hono';
import { knownCustomers } from '../../customers/find.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { entryOf } from '../../errors/meaning.ts';
import { markReturned } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { connectToPortal, sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { tellsClicks, whoPressed } from '../../http/press.ts';
import { withoutGoal } from '../../links/link.ts';
import { LinkPage } from '../../pages/link.tsx';
import { BUTTON, HOME, TICK } from '../../pages/open-form.tsx';
import { chooserFor, withoutPaying } from '../../portal/intent.ts';
import { countingOnce } from '../../visitor/counted.ts';
import { beginLinkSession } from '../../visitor/link-session.ts';
import { openedOf, openStripe } from '../../visitor/open.ts';
import { rememberPortalVisit } from '../../visitor/portal-visit.ts';
import { whoIsPresent, type Present } from '../../visitor/present.ts';
import { readLink, requireUnrevoked, type GenuineLink } from '../../visitor/read-link.ts';
import { ownWayBack, wantedWayBack } from '../../visitor/way-back.ts';
import { answerExpiredLink } from './expired-link.tsx';
import { askedAbout, goalOf, intentOf } from './link-goal.ts';
import { opensInvoices, payByLink, showInvoices } from './pay-link.tsx';

/** GET of a signed link: shows the account that it opens, and a button. Nothing is opened yet. */
export async function showLink(c: Context<AppEnv>, tokens: string[]): Promise<Response> {
  const genuine = await readLink(c, tokens);
  if (genuine.kind === 'expired') return answerExpiredLink(c, genuine);
  if (opensInvoices(genuine.link)) return showInvoices(c, genuine);
  return linkPage(c, genuine, await whoIsPresent(c, genuine.link.principal));
}

/**
 * POST of that page's button: someone really goes there, so a session is created.
 *
 * @param services  of this press, which counts once, also if it goes on to the portal's home
 */
export async function openLink(
  c: Context<AppEnv>,
  form: Record<string, unknown>,
  services = countingOnce(c.get('services')),
): Promise<Response> {
  const tokens = [form['token']].flat().filter((each) => typeof each === 'string');
  const given = await readLink(c, tokens);
  if (given.kind === 'expired') return answerExpiredLink(c, given);
  const pressed = form[BUTTON.name];
  const presser = whoPressed(c, { button: pressed, tick: form[TICK.name] });
  if (presser === 'script') {
    throw new BillingError('click_required', 'The form of a link was sent without a click.');
  }
  if (opensInvoices(given.link)) {
    const { invoice } = form;
    return presser === 'person' ? payByLink(c, given, form) : showInvoices(c, given, invoice);
  }
  const { method, principal } = given.link;
  const isHome = method === 'email' && form[HOME.name] !== undefined;
  const link = isHome ? withoutGoal(given.link) : given.link;
  const genuine = { ...given, link };
  const present = await whoIsPresent(c, principal);
  const ask = async (chosen?: unknown) => linkPage(c, genuine, present, { isHome, chosen });
  if (presser === 'unknown') return ask(form['customer']);
  const replacesSignedIn = present.kind === 'other';
  if (replacesSignedIn && pressed !== BUTTON.instead) return ask();
  const wanted = intentOf(c, link, form['customer']);
  const intent = replacesSignedIn ? withoutPaying(wanted) : wanted;
  const now = new Date();
  const wayBack = wantedWayBack(c, intent.return_to) ?? ownWayBack(c);
  // Someone who stays signed in as another subject cannot choose on /billing, which is theirs:
  // the portal's home lets them choose, and pay.
  const ifAmbiguous = replacesSignedIn ? 'home' : 'ask';
  const request = { principal, intent, wayBack, ifAmbiguous } as const;
  const outcome = await openStripe(services, request, now).catch((error: unknown) => {
    if (isHome || method !== 'email' || !isNotTheirs(error)) throw error;
  });
  // Anyone can write ids into what a mailed link leads to. It still proves who its owner is.
  if (!outcome) return openLink(c, { ...form, [HOME.name]: HOME.value }, services);
  // Opening can teach D1 whose customer this is, and who that is may have been revoked.
  await requireUnrevoked(c, genuine);
  c.get('trace').outcome = outcome.kind === 'opened' ? openedOf(outcome) : 'choice';
  if (outcome.kind === 'which_customer') return ask();
  // The site's own session would outrank ours, so it stays as it is.
  if (!present.bySite) {
    const session = { principal, method, linkIssuedAt: given.issuedAt, insteadOf: present.expired };
    await beginLinkSession(c, session, given.key, now);
  }
  if (outcome.kind !== 'opened') {
    const chooser = chooserFor({ ...intent, invoice: undefined });
    return c.redirect(present.bySite ? chooser : markReturned(chooser, 'byLink'), 303);
  }
  rememberPortalVisit(c, outcome);
  return c.redirect(outcome.url, 303);
}

const isNotTheirs = (error: unknown) =>
  error instanceof BillingError && entryOf(error).page === 'notYours';

/** With one of several customers chosen, the page asks for the tick of that one only. */
async function linkPage(
  c: Context<AppEnv>,
  { link, token }: GenuineLink,
  present: Present,
  { isHome = false, chosen }: { isHome?: boolean; chosen?: unknown } = {},
): Promise<Response> {
  const { principal } = link;
  const known = await knownCustomers(principal, c.get('services'), 'primary');
  const other = present.kind === 'other' ? present : undefined;
  const wanted = intentOf(c, link, undefined);
  const intent = other ? withoutPaying(wanted) : wanted;
  const customers = askedAbout(c, link, intent, known);
  sendOriginOnly(c);
  connectToPortal(c);
  return c.html(
    <LinkPage
      frame={await frameOf(c)}
      token={token}
      email={principal.email ?? (customers[0] ?? known[0])?.email ?? undefined}
      flow={goalOf(c, link, intent, customers)}
      isHome={isHome}
      isMailed={link.method === 'email'}
      customers={customers}
      only={known.length > 1 && customers.length === 1 ? customers[0] : undefined}
      chosen={customers.find(({ id }) => id === chosen)}
      asksTick={!tellsClicks(c)}
      signedInAs={other}
      button={{ name: BUTTON.name, value: other ? BUTTON.instead : BUTTON.plain }}
    />,
  );
}
