import { Stripe } from 'stripe';
import * as v from 'valibot';
import type { Config } from '../../config/config.ts';
import { operatorSql } from '../operator-sql.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { openPortal } from '../../portal/open.ts';
import { toBillingError } from '../../stripe/faults.ts';
import { queryD1 } from '../d1.ts';
import { failure, ok, warning, type Finding } from './finding.ts';
import { originOf, type Subject } from './subject.ts';

export type Tried = { finding: Finding; url?: string };

/**
 * Goes the whole way for one customer: D1, Stripe, a session. The session is a real one; its URL
 * opens this customer's billing to whoever holds it, and is for the operator's eyes alone.
 */
export async function trySession(
  subject: Subject,
  customer: string,
  stripe: Stripe,
  config: Pick<Config, 'livemode' | 'portal'>,
): Promise<Tried> {
  const mode = config.livemode ? 'live' : 'test';
  if (!/^cus_\w+$/.test(customer)) {
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
    const returnUrl = `${originOf(subject) ?? 'https://example.com'}/billing`;
    const opening = await openPortal(stripe, config, {
      customer,
      returnUrl,
      locale: undefined,
      flow: undefined,
    });
    if (opening.kind === 'customer_gone') return gone(customer, mode);
    return { finding: await judgeRow(subject, customer), url: opening.url };
  } catch (error) {
    return { finding: refused(error, customer, mode) };
  }
}

function gone(customer: string, mode: string): Tried {
  const found = `Stripe has no ${customer} in ${mode} mode, or no longer.`;
  return { finding: failure('portal_session', found, 'Name a customer of this mode.') };
}

function refused(error: unknown, customer: string, mode: 'live' | 'test'): Finding {
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing'
  ) {
    if (error.param === 'id') return gone(customer, mode).finding;
  }
  const fault = error instanceof BillingError ? error : toBillingError(error, mode === 'live');
  const next = fault.remedy ?? fault.entry.detail;
  return failure('portal_session', `Stripe makes none (${fault.code}).`, next);
}

const ownership = v.object({ mapped: v.number(), deleted: v.number() });

async function judgeRow({ target, wrangler }: Subject, customer: string): Promise<Finding> {
  const answer = await queryD1(target, wrangler, operatorSql.customer(customer), ownership);
  if (answer.kind === 'failed') {
    return ok('portal_session', `Stripe opens the portal for ${customer}; D1 could not be asked.`);
  }
  const [row] = answer.rows;
  if (row?.mapped === 1 && row.deleted === 0) {
    return ok('portal_session', `D1 knows whose ${customer} is, and Stripe opens the portal.`);
  }
  return warning(
    'portal_session',
    row ? `D1 has ${customer}, but not whose it is.` : `D1 does not have ${customer} yet.`,
    'Set the metadata `user_id` (or CUSTOMER_METADATA_KEY) of the customer at Stripe to your user’s id; the webhook or the cron job brings it to D1.',
  );
}
