import type { Stripe } from 'stripe';
import { BillingError } from '../../errors/billing-error.ts';
import type { Mode } from '../settings.ts';
import { findStripeAccount } from '../setup/stripe-account.ts';
import { fillCommand } from '../target.ts';
import { failure, ok, skipped, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/**
 * Whether D1 has customers of the key's own Stripe account.
 *
 * @throws BillingError if Stripe cannot be asked
 */
export async function examineDatabaseAccount(
  { database, target }: Subject,
  stripe: Stripe,
  mode: Mode,
): Promise<Finding[]> {
  const { id } = await findStripeAccount(stripe, mode);
  if (id === undefined) return [skipped('database_account', 'The key does not show its account.')];
  if (database.kind !== 'open') return [skipped('database_account', 'D1 cannot be read.')];
  const noted = await readAccount(async () => database.operator.account(mode === 'live'));
  if (noted === 'unread') return [skipped('database_account', 'D1 cannot be read.')];
  if (noted === undefined) {
    return [ok('database_account', `Nobody noted it yet. The key is of ${id}.`)];
  }
  if (noted === id) return [ok('database_account', `It is of ${id}, as the key is.`)];
  return [
    failure(
      'database_account',
      `D1 has the ${mode} mode customers of ${noted}, and the key is of ${id}.`,
      `Give the Worker a key of ${noted}. If it has moved to ${id}, run ${fillCommand(target, '--begin-anew')}.`,
    ),
  ];
}

async function readAccount(read: () => Promise<string | undefined>) {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BillingError && error.code === 'database_unavailable') return 'unread';
    throw error;
  }
}
