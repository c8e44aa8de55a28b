import { chooseCustomer, findCustomers, type Choice } from '../customers/find.ts';
import { findOwner, knownOwner } from '../customers/owner.ts';
import type { Claimant, Named } from '../customers/search.ts';
import type { Customer } from '../customers/store.ts';
import { syncCustomer } from '../customers/sync.ts';
import { BillingError } from '../errors/billing-error.ts';
import type { Intent } from '../portal/intent.ts';
import { planFlow, type FlowPlan } from '../portal/flow.ts';
import { portalLocale } from '../portal/locale.ts';
import { openPortal } from '../portal/open.ts';
import type { Services } from '../services.ts';

export type SessionOutcome =
  | { kind: 'opened'; url: string; customer: Customer; flowUnavailable: boolean }
  | { kind: 'which_customer'; ids: string[] }
  | { kind: 'which_subscription'; ids: string[] };

/** Where the portal leads back to, and where a flow does that was completed. */
export type WayBack = { returnUrl: string; afterFlow: string };

type Asking = { claimant: Claimant | Named; intent: Intent; wayBack: WayBack };
type Gone = { kind: 'customer_gone'; id: string };

/**
 * From a proven subject to a fresh portal session: the way that the link, the button and the
 * API share.
 *
 * @throws BillingError `customer_not_found`, `customer_not_yours`, `subscription_not_yours`,
 *   `rate_limited`, or what D1 or Stripe failed with
 */
export async function freshSession(
  services: Services,
  claimant: Claimant | Named,
  intent: Intent,
  wayBack: WayBack,
  now: Date,
): Promise<SessionOutcome> {
  const asking = { claimant, intent, wayBack };
  const outcome = await tryFreshSession(services, asking, now);
  if (outcome.kind !== 'customer_gone') return outcome;
  // D1 was behind. There may be another customer, or one that was made anew.
  await syncCustomer(outcome.id, services, now);
  const second = await tryFreshSession(services, asking, now);
  if (second.kind !== 'customer_gone') return second;
  throw noCustomer('Stripe makes no session for the customer that it has itself.');
}

async function tryFreshSession(
  services: Services,
  { claimant, intent, wayBack }: Asking,
  now: Date,
): Promise<SessionOutcome | Gone> {
  const { config, limits, stripe } = services;
  const found = await findCustomers(claimant, services, now);
  const choice = await choose(found, intent, claimant, services, now);
  switch (choice.kind) {
    case 'none':
      throw noCustomer('Neither D1 nor Stripe has a customer of this subject.');
    case 'not_yours':
      throw new BillingError(choice.code, 'The subject has no such customer or subscription.');
    case 'several':
      return { kind: 'which_customer', ids: choice.customers.map(({ id }) => id) };
    case 'one':
  }
  const { customer } = choice;
  const plan = flowFor(intent, customer, wayBack.afterFlow);
  if (plan?.kind === 'ambiguous') return { kind: 'which_subscription', ids: plan.subscriptions };
  await limits.session(nameOf(claimant));
  const opening = await openPortal(stripe, config, {
    customer: customer.id,
    returnUrl: wayBack.returnUrl,
    locale: portalLocale(intent.locale),
    flow: plan?.kind === 'flow' ? plan.data : undefined,
  });
  if (opening.kind === 'customer_gone') return { kind: 'customer_gone', id: customer.id };
  const flowUnavailable = plan?.kind === 'unavailable' || opening.flowRefused;
  return { kind: 'opened', url: opening.url, customer, flowUnavailable };
}

type Refused = { kind: 'not_yours'; code: 'customer_not_yours' | 'subscription_not_yours' };

/** The customer that is asked for: by id, or as the owner of a subscription. */
async function choose(
  found: Customer[],
  { customer, subscription }: Intent,
  claimant: Claimant | Named,
  services: Services,
  now: Date,
): Promise<Exclude<Choice, { kind: 'not_yours' }> | Refused> {
  const choice = chooseCustomer(found, customer);
  if (choice.kind === 'not_yours') return { ...choice, code: 'customer_not_yours' };
  if (subscription === undefined || choice.kind === 'none') return choice;
  const eligible = choice.kind === 'one' ? [choice.customer] : choice.customers;
  const known = knownOwner(subscription, eligible);
  if (known) return { kind: 'one', customer: known };
  // Stripe is asked: whoever makes up ids is limited like whoever opens sessions.
  await services.limits.session(nameOf(claimant));
  const owner = await findOwner(subscription, eligible, services, now);
  return owner
    ? { kind: 'one', customer: owner }
    : { kind: 'not_yours', code: 'subscription_not_yours' };
}

/** By which somebody's requests are counted. */
function nameOf(claimant: Claimant | Named): string {
  return 'subject' in claimant ? claimant.subject : claimant.customers.join();
}

function flowFor(intent: Intent, customer: Customer, afterFlow: string): FlowPlan | undefined {
  const { flow, price, quantity, subscription } = intent;
  if (flow === undefined) return undefined;
  const candidates = customer.subscriptions.filter(
    ({ id }) => subscription === undefined || id === subscription,
  );
  return planFlow({ flow, price, quantity }, candidates, afterFlow);
}

function noCustomer(reason: string): BillingError {
  return new BillingError('customer_not_found', reason, {
    remedy:
      'Check that a Stripe customer in the mode of STRIPE_SECRET_KEY carries this subject in ' +
      'the metadata named by CUSTOMER_METADATA_KEY, or in the client_reference_id of a checkout.',
  });
}
