import { Hono } from 'hono/tiny';
import { findCustomers, knownCustomers } from '../../customers/find.ts';
import type { Customer } from '../../customers/customer.ts';
import { BillingPage } from '../../pages/billing.tsx';
import { SignedOutPage } from '../../pages/signed-out.tsx';
import { changesSince, type Change, type Visit } from '../../portal/visit.ts';
import { choicesOf } from './chooser.ts';
import { emailSignInAddress, signInAddress } from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { navigationOnly } from '../../http/guards.ts';
import { sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { forgetPortalVisit, readPortalVisit, refresh } from '../../visitor/portal-visit.ts';
import { notSignedIn, renewSilently, signInWontHelp } from '../../visitor/sign-in.ts';
import { recogniseVisitor } from '../../visitor/recognise.ts';

/** The page where people start, and where the portal sends them back to. */
// A prefetched page would use up the return from the portal.
export const billing = new Hono<AppEnv>().get('/', navigationOnly, async (c) => {
  const { config } = c.get('services');
  sendOriginOnly(c);
  const recognition = await recogniseVisitor(c);
  if (recognition.kind !== 'recognised') {
    const renewal = await renewSilently(c, recognition);
    if (renewal) return renewal;
    if (signInWontHelp(c, recognition)) throw notSignedIn(c, recognition);
    c.header('www-authenticate', 'Bearer realm="billing"');
    return c.html(
      <SignedOutPage
        frame={frameOf(c)}
        signInUrl={signInAddress(c, c.req.url)}
        emailSignInUrl={emailSignInAddress(c)}
      />,
      401,
    );
  }
  c.get('trace').outcome = 'page';
  const { principal, source } = recognition;
  const now = new Date();
  const found = await findCustomers(principal, c.get('services'), now, 'primary');
  const visit = readPortalVisit(c);
  const returned = visit && found.some(({ id }) => id === visit.customer) ? visit : undefined;
  const stale = returned?.customer ?? found.find((customer) => isOutdated(customer))?.id;
  const isFresh = stale === undefined || (await refresh(c, stale, now));
  const shown =
    stale === undefined ? found : await knownCustomers(principal, c.get('services'), 'primary');
  // The page shows what has changed once, as soon as it is known.
  if (visit && isFresh) forgetPortalVisit(c);
  const choices = choicesOf(c.req.query(), isFresh ? shown : shown.map(unsynced));
  return c.html(
    <BillingPage
      frame={frameOf(c)}
      signedInAs={principal.email}
      canSignOut={source !== 'site'}
      customers={choices.customers}
      asked={choices.intent}
      flowUnavailable={choices.flowUnavailable || returned?.flowUnavailable === true}
      changes={returned && isFresh ? changesOf(returned, shown) : undefined}
      pricingUrl={config.pricingUrl}
    />,
  );
});

/** Whether a former release wrote it, which did not keep all that the page says. */
const isOutdated = ({ subscriptions }: Customer) => subscriptions.some(({ terms }) => !terms);

const unsynced = (customer: Customer): Customer => ({ ...customer, isSynced: false });

function changesOf(visit: Visit, customers: Customer[]): Change[] {
  const customer = customers.find(({ id }) => id === visit.customer);
  return customer ? changesSince(visit.before, customer.subscriptions) : [];
}
