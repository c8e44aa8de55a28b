import { Hono } from 'hono/tiny';
import { findCustomers, knownCustomers } from '../../customers/find.ts';
import type { Customer } from '../../customers/store.ts';
import { BillingPage } from '../../pages/billing.tsx';
import { SignedOutPage } from '../../pages/signed-out.tsx';
import { changesSince, type Change, type Visit } from '../../portal/visit.ts';
import { choicesOf } from './chooser.ts';
import type { AppEnv } from '../../http/context.ts';
import { isSpeculative } from '../../http/guards.ts';
import { frameOf } from '../../http/page.ts';
import { forgetPortalVisit, readPortalVisit, refresh } from '../../visitor/portal-visit.ts';
import {
  emailSignInAddress,
  mustBeTold,
  notSignedIn,
  signInAddress,
} from '../../visitor/sign-in.ts';
import { recogniseVisitor } from '../../visitor/recognise.ts';

/** Where people start, and where the portal sends them back to. */
export const billing = new Hono<AppEnv>().get('/', async (c) => {
  if (c.req.method === 'HEAD') return c.body(null);
  // A page made ahead of time would use up the return from the portal.
  if (isSpeculative(c)) return c.body(null, 503);
  const { config } = c.get('services');
  // Without a referrer the browser would send the button's form with `Origin: null`.
  c.header('referrer-policy', 'same-origin');
  const identification = await recogniseVisitor(c);
  if (identification.kind !== 'recognised') {
    if (mustBeTold(c, identification)) throw notSignedIn(identification);
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
  const { identity } = identification;
  const now = new Date();
  const found = await findCustomers(identity, c.get('services'), now, 'primary');
  const visit = readPortalVisit(c);
  const returned = visit && found.some(({ id }) => id === visit.customer) ? visit : undefined;
  const isFresh = returned ? await refresh(c, returned.customer, now) : true;
  const shown = returned ? await knownCustomers(identity, c.get('services'), 'primary') : found;
  // What has changed is told once, as soon as it is known.
  if (visit && isFresh) forgetPortalVisit(c);
  const choices = choicesOf(c.req.query(), isFresh ? shown : shown.map(unsynced));
  return c.html(
    <BillingPage
      frame={frameOf(c)}
      signedInAs={identity.email}
      canSignOut={identity.via !== 'jwt'}
      customers={choices.customers}
      asked={choices.intent}
      flowUnavailable={choices.flowUnavailable || returned?.flowUnavailable === true}
      changes={returned && isFresh ? changesOf(returned, shown) : undefined}
      pricingUrl={config.pricingUrl}
    />,
  );
});

const unsynced = (customer: Customer): Customer => ({ ...customer, isSynced: false });

function changesOf(visit: Visit, customers: Customer[]): Change[] {
  const customer = customers.find(({ id }) => id === visit.customer);
  return customer ? changesSince(visit.before, customer.subscriptions) : [];
}
