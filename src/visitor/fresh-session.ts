import { chooseCustomer, findOwner, type Choice } from '../customers/choose.ts';
import type { Customer } from '../customers/customer.ts';
import type { Consistency } from '../customers/database.ts';
import { syncCustomer } from '../customers/sync.ts';
import { BillingError } from '../errors/billing-error.ts';
import { nameOf, type Principal } from '../identity/principal.ts';
import { planFlow, type FlowPlan } from '../portal/flow.ts';
import type { Flow } from '../portal/flow.ts';
import type { PortalIntent } from '../portal/intent.ts';
import { portalLocale } from '../portal/locale.ts';
import { openPortal } from '../portal/open.ts';
import { mayHave, type Portal } from '../portal/portals.ts';
import type { Services } from '../services.ts';
import { countingOnce } from './counted.ts';
import { findBillable, isLimited, mayBill, notAllowed, portalOf } from './billable.ts';

/** Where the portal leads back to, and where a completed flow does. */
export type WayBack = { returnUrl: string; afterFlow: string };

export type PortalRequest = {
  principal: Principal;
  intent: PortalIntent;
  wayBack: WayBack;
  /** What to do when a flow fits several subscriptions: ask, or open the portal's home. */
  ifAmbiguous: 'ask' | 'home';
};

export type SessionOutcome =
  | {
      kind: 'opened';
      url: string;
      customer: Customer;
      flowUnavailable: boolean;
      /** The flow that Stripe itself refused. */
      refused: Flow | undefined;
    }
  | { kind: 'which_customer'; ids: string[] }
  | { kind: 'which_subscription'; ids: string[] };

type Gone = { kind: 'customer_gone'; id: string };

/**
 * From a principal to a fresh portal session: the way that the link, the button and the API
 * share.
 *
 * @throws BillingError `role_not_allowed`, `customer_not_found`, `customer_not_yours`,
 *   `subscription_not_yours`, `rate_limited`, or a fault of D1 or Stripe
 */
export async function freshSession(
  services: Services,
  request: PortalRequest,
  now: Date,
): Promise<SessionOutcome> {
  const counted = countingOnce(services);
  const first = await tryFreshSession(counted, request, now, 'nearest');
  if (first.kind !== 'customer_gone') return first;
  // D1 was behind. The principal may have another customer, or a new one.
  await syncCustomer(first.id, services, now);
  const second = await tryFreshSession(counted, request, now, 'primary');
  if (second.kind !== 'customer_gone') return second;
  throw new BillingError('customer_not_found', 'Stripe lists this customer but opens no session.');
}

async function tryFreshSession(
  services: Services,
  request: PortalRequest,
  now: Date,
  consistency: Consistency,
): Promise<SessionOutcome | Gone> {
  const { config, stripe, limits } = services;
  const { principal, intent, wayBack, ifAmbiguous } = request;
  const choice = await choose(intent, principal, services, now, consistency);
  if (choice.kind === 'several') {
    return { kind: 'which_customer', ids: choice.customers.map(({ id }) => id) };
  }
  if (choice.kind === 'not_yours' && isLimited(principal, config)) throw notAllowed(config);
  if (choice.kind !== 'one') throw refusalOf(choice);
  const { customer } = choice;
  const portal = portalOf(principal, customer, config);
  if (!portal) throw notAllowed(config);
  const offer = mayBill(principal, customer, config) ? portal : { ...portal, features: [] };
  const plan = flowFor(intent, customer, offer, wayBack.afterFlow);
  if (plan?.kind === 'ambiguous' && ifAmbiguous === 'ask') {
    return { kind: 'which_subscription', ids: plan.subscriptions };
  }
  // The subscription that the flow is for may not have come to this replica yet.
  if (plan?.kind === 'unavailable' && consistency === 'nearest') {
    return tryFreshSession(services, request, now, 'primary');
  }
  await limits.session(nameOf(principal));
  const opening = await openPortal(stripe, config, {
    customer: customer.id,
    portal,
    returnUrl: wayBack.returnUrl,
    locale: portalLocale(intent.locale),
    flow: plan?.kind === 'flow' ? plan.data : undefined,
  });
  if (opening.kind === 'customer_gone') return { kind: 'customer_gone', id: customer.id };
  const flowUnavailable = plan?.kind === 'unavailable' || opening.flowRefused;
  const refused = opening.flowRefused ? intent.flow : undefined;
  return { kind: 'opened', url: opening.url, customer, flowUnavailable, refused };
}

/**
 * Chooses by what the first look finds, and by the primary before it refuses. Only an unknown
 * subscription costs a call to Stripe, and is limited.
 */
async function choose(
  intent: PortalIntent,
  principal: Principal,
  services: Services,
  now: Date,
  first: Consistency,
): Promise<Choice> {
  const nearest = chooseCustomer(await findBillable(principal, services, now, first), intent);
  const isCertain = nearest.kind === 'one' || nearest.kind === 'several' || nearest.kind === 'none';
  if (isCertain) return nearest;
  const written = await findBillable(principal, services, now, 'primary');
  const choice = chooseCustomer(written, intent);
  if (choice.kind !== 'owner_unknown') return choice;
  await services.limits.session(nameOf(principal));
  return findOwner(choice, services, now);
}

function flowFor(
  intent: PortalIntent,
  customer: Customer,
  portal: Portal,
  afterFlow: string,
): FlowPlan | undefined {
  const { flow, price, quantity, subscription } = intent;
  if (flow === undefined) return undefined;
  if (!mayHave(portal, flow)) return { kind: 'unavailable' };
  const candidates = customer.subscriptions.filter(
    ({ id }) => subscription === undefined || id === subscription,
  );
  return planFlow({ flow, price, quantity }, candidates, afterFlow, portal.coupon);
}

function refusalOf(choice: Extract<Choice, { kind: 'none' | 'not_yours' }>): BillingError {
  return choice.kind === 'none'
    ? new BillingError(
        'customer_not_found',
        'Neither D1 nor Stripe has a customer of this subject.',
      )
    : new BillingError(choice.code, 'The subject has no such customer or subscription.');
}
