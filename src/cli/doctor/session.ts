import { Stripe } from 'stripe';
import type { Config } from '../../config/config.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { adviceOf } from '../../errors/meaning.ts';
import { openPortal } from '../../portal/open.ts';
import { choosePortal, type Portal } from '../../portal/portals.ts';
import { toBillingError } from '../../stripe/faults.ts';
import { CUSTOMER_ID } from '../../stripe/ids.ts';
import type { Mode } from '../settings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

export type Tried = { finding: Finding; url?: string };

/**
 * Makes a session for one customer, as a visitor would get it. Its URL opens this customer's
 * billing, so only the operator may see it.
 */
export async function trySession(
  subject: Subject,
  customer: string,
  stripe: Stripe,
  config: Pick<Config, 'livemode' | 'portals' | 'afterExpiration'>,
): Promise<Tried> {
  const mode = config.livemode ? 'live' : 'test';
  if (!CUSTOMER_ID.test(customer)) {
    return {
      finding: failure(
        'portal_session',
        'That is no id of a customer.',
        'Give one as `--customer cus_…`.',
      ),
    };
  }
  try {
    const found = await stripe.customers.retrieve(customer);
    if (found.deleted) return gone(customer, mode);
    const portal = await portalFor(subject, customer, config);
    const returnUrl = `${originOf(subject) ?? 'https://example.com'}/billing`;
    const opening = await openPortal(stripe, config, {
      customer,
      portal,
      returnUrl,
      locale: undefined,
      flow: undefined,
    });
    if (opening.kind === 'customer_gone') return gone(customer, mode);
    const finding = await judgeRow(subject, customer);
    return {
      finding: { ...finding, found: `${finding.found}${nameOf(portal, config)}` },
      url: opening.url,
    };
  } catch (error) {
    return { finding: refused(error, customer, mode) };
  }
}

function gone(customer: string, mode: string): Tried {
  const found = `Stripe has no ${customer} in ${mode} mode, or no longer.`;
  return { finding: failure('portal_session', found, 'Name a customer of this mode.') };
}

function refused(error: unknown, customer: string, mode: Mode): Finding {
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing'
  ) {
    if (error.param === 'id') return gone(customer, mode).finding;
  }
  const fault = error instanceof BillingError ? error : toBillingError(error, mode === 'live');
  return failure('portal_session', `Stripe makes none (${fault.code}).`, adviceOf(fault));
}

/** By the customer's subscriptions in D1. Whose roles would count is not known here. */
async function portalFor(
  { database }: Subject,
  customer: string,
  { portals }: Pick<Config, 'portals'>,
): Promise<Portal> {
  if (database.kind !== 'open' || portals.ruled.length === 0) return portals.fallback;
  const subscriptions =
    (await lookUp(async () => database.customers.subscriptionsOf(customer))) ?? [];
  const applicant = { roles: [], isRestricted: false, subscriptions };
  return choosePortal(portals, applicant) ?? portals.fallback;
}

function nameOf({ name }: Portal, { portals }: Pick<Config, 'portals'>): string {
  return portals.ruled.length > 0 ? ` It is the portal ${name}, for people without a role.` : '';
}

async function judgeRow({ database }: Subject, customer: string): Promise<Finding> {
  const known =
    database.kind === 'open'
      ? ((await lookUp(async () => database.operator.customer(customer))) ?? 'unread')
      : 'unread';
  switch (known) {
    case 'unread':
      return ok('portal_session', `Stripe opens the portal for ${customer}; D1 cannot be read.`);
    case 'mapped':
      return ok('portal_session', `D1 has a subject for ${customer}, and Stripe opens the portal.`);
    case 'unknown':
      return warning('portal_session', `D1 does not have ${customer} yet.`, HOW_TO_MAP);
    case 'unmapped':
    case 'deleted':
      return warning('portal_session', `D1 has no subject for ${customer}.`, HOW_TO_MAP);
    default:
      return known satisfies never;
  }
}

const HOW_TO_MAP =
  'Set the metadata `user_id` (or CUSTOMER_METADATA_KEY) of the customer at Stripe to your user’s id; the webhook or the cron job writes it to D1.';

/** Undefined if D1 cannot be read. */
async function lookUp<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BillingError) return undefined;
    throw error;
  }
}
