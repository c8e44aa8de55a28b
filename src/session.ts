import { chooseCustomer, findCustomers } from './customers/find.ts';
import type { Claimant } from './customers/search.ts';
import { BillingError } from './errors.ts';
import { portalLocale } from './portal/locale.ts';
import { openPortal } from './portal/open.ts';
import type { Services } from './services.ts';

/** What somebody wants of the portal, as the request says it: nothing here is trusted. */
export type Intent = { customer?: string | undefined; locale?: string | undefined };

export type SessionOutcome =
  | { kind: 'opened'; url: string; customer: string }
  | { kind: 'several'; ids: string[] };

/**
 * From a proven subject to a fresh portal session: the way that the link, the button and the
 * API share.
 *
 * @throws BillingError `customer_not_found`, `customer_not_yours`, or what D1 or Stripe failed with
 */
export async function freshSession(
  services: Services,
  claimant: Claimant,
  intent: Intent,
  origin: string,
  now: Date,
): Promise<SessionOutcome> {
  const { config, customers, stripe } = services;
  const found = await findCustomers(claimant, services, now);
  const choice = chooseCustomer(found, intent.customer);
  if (choice.kind === 'none')
    throw noCustomer('Neither D1 nor Stripe has a customer of this subject.');
  if (choice.kind === 'not_yours') {
    throw new BillingError('customer_not_yours', 'The subject has no such customer.');
  }
  if (choice.kind === 'several') {
    return { kind: 'several', ids: choice.customers.map(({ id }) => id) };
  }
  const opening = await openPortal(stripe, config, {
    customer: choice.customer.id,
    returnUrl: `${origin}/billing`,
    locale: portalLocale(intent.locale),
  });
  if (opening.kind === 'customer_gone') {
    await customers.markDeleted(choice.customer.id, now);
    throw noCustomer('Stripe no longer has the customer; it is marked deleted in D1.');
  }
  return { ...opening, customer: choice.customer.id };
}

function noCustomer(reason: string): BillingError {
  return new BillingError('customer_not_found', reason, {
    remedy:
      'Check that a Stripe customer in the mode of STRIPE_SECRET_KEY carries this subject in ' +
      'the metadata named by CUSTOMER_METADATA_KEY, or in the client_reference_id of a checkout.',
  });
}
