import { chooseCustomer, findCustomers } from './customers/find.ts';
import { BillingError } from './errors.ts';
import { portalLocale } from './portal/locale.ts';
import { openPortal } from './portal/open.ts';
import type { Services } from './services.ts';

/** What somebody wants of the portal, as the request says it: nothing here is trusted. */
export type Intent = { customer?: string | undefined; locale?: string | undefined };

export type SessionOutcome = { kind: 'opened'; url: string } | { kind: 'several'; ids: string[] };

/**
 * From a proven subject to a fresh portal session: the way that the link, the button and the
 * API share.
 *
 * @throws BillingError `customer_not_found`, or what D1 or Stripe failed with
 */
export async function freshSession(
  { config, customers, stripe }: Services,
  subject: string,
  intent: Intent,
  origin: string,
  now: Date,
): Promise<SessionOutcome> {
  const found = await findCustomers(subject, config.livemode, customers);
  const choice = chooseCustomer(found, intent.customer);
  if (choice.kind === 'none') throw noCustomer('D1 has no such customer of this subject.');
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
  return opening;
}

function noCustomer(reason: string): BillingError {
  return new BillingError('customer_not_found', reason, {
    remedy:
      'D1 maps a subject to customers by `customers.subject`. Check that a Stripe customer ' +
      'carries this subject, in the mode of STRIPE_SECRET_KEY.',
  });
}
