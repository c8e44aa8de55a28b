import type { Context } from 'hono';
import type { Config } from '../../config/config.ts';
import type { Customer } from '../../customers/customer.ts';
import type { Principal } from '../../identity/principal.ts';
import { BillingPage } from '../../pages/billing.tsx';
import { SignedOutPage } from '../../pages/signed-out.tsx';
import { owesNothing } from '../../portal/due.ts';
import { changesSince, type Change, type Visit } from '../../portal/visit.ts';
import { withoutFlow, type Portal } from '../../portal/portals.ts';
import { portalOf } from '../../visitor/billable.ts';
import { choicesOf } from './chooser.ts';
import {
  destinationOf,
  emailSignInAddress,
  originOf,
  signInAddress,
} from '../../http/addresses.ts';
import type { AppEnv } from '../../http/context.ts';
import { connectToPortal, sendOriginOnly } from '../../http/headers.ts';
import { frameOf } from '../../http/page.ts';
import { currentState, type CurrentState } from '../../visitor/current-state.ts';
import { notSignedIn } from '../../visitor/not-signed-in.ts';
import { renewSilently, signInWontHelp } from '../../visitor/sign-in.ts';
import { recogniseVisitor } from '../../visitor/recognise.ts';

/**
 * The page where people start, and where the portal sends them back to. A prefetched one would use
 * up the return from there.
 */
export async function showBilling(c: Context<AppEnv>): Promise<Response> {
  const { config } = c.get('services');
  sendOriginOnly(c);
  const recognition = await recogniseVisitor(c);
  if (recognition.kind !== 'recognised') {
    const renewal = await renewSilently(c, recognition);
    if (renewal) return renewal;
    c.set('goal', destinationOf(c, c.req.url));
    if (signInWontHelp(c, recognition)) throw notSignedIn(c, recognition);
    connectToPortal(c);
    c.header('www-authenticate', 'Bearer realm="billing"');
    return c.html(
      <SignedOutPage
        frame={await frameOf(c)}
        signInUrl={signInAddress(c, c.req.url)}
        emailSignInUrl={emailSignInAddress(c, c.req.url)}
      />,
      401,
    );
  }
  c.get('trace').outcome = 'page';
  const { principal, source } = recognition;
  const query = c.req.query();
  const cameToPay = query['flow'] === 'pay';
  const state = await currentState(c, principal, cameToPay, new Date());
  const { customers, owed, returned, isFresh } = state;
  const portalFor = (customer: Customer) => portalOn(state, principal, customer, config);
  const shown = isFresh ? customers : customers.map(unsynced);
  const choices = choicesOf(query, shown, owed, portalFor);
  connectToPortal(c);
  return c.html(
    <BillingPage
      frame={await frameOf(c)}
      signedInAs={principal.email}
      canSignOut={source !== 'site'}
      customers={choices.customers}
      portalFor={portalFor}
      asked={choices.intent}
      flowUnavailable={choices.flowUnavailable || returned?.flowUnavailable === true}
      changes={returned && isFresh ? changesOf(returned, customers) : undefined}
      owed={owed}
      news={newsOf(state, cameToPay)}
      comeBackTo={`${new URL(originOf(c)).host}/billing`}
      pricingUrl={config.pricingUrl}
    />,
  );
}

/** The customer's portal, without what Stripe has just refused. */
function portalOn(
  { returned }: CurrentState,
  principal: Principal,
  customer: Customer,
  config: Config,
): Portal {
  const portal = portalOf(principal, customer, config) ?? config.portals.fallback;
  const refused = returned?.customer === customer.id ? returned.refused : undefined;
  return refused ? withoutFlow(portal, refused) : portal;
}

const unsynced = (customer: Customer): Customer => ({ ...customer, isSynced: false });

function changesOf(visit: Visit, customers: Customer[]): Change[] {
  const customer = customers.find(({ id }) => id === visit.customer);
  return customer ? changesSince(visit.before, customer.subscriptions) : [];
}

/** What there is to say of invoices: only what Stripe has just said. */
function newsOf({ customers, owed, isSettled }: CurrentState, cameToPay: boolean) {
  if (isSettled) return 'settled';
  const isNothing = customers.every(({ id }) => owesNothing(owed.get(id)));
  return cameToPay && customers.length > 0 && isNothing ? 'nothing' : undefined;
}
