import type { Stripe } from 'stripe';
import { BillingError } from '../../errors/billing-error.ts';
import { lookAtRows, ownerName } from '../fill/account.ts';
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
  const rows = await ifRead(async () => lookAtRows(database.operator, stripe, id, mode));
  if (!rows) return [skipped('database_account', 'D1 cannot be read.')];
  switch (rows.kind) {
    case 'noted':
      return [ok('database_account', `It is of ${id}, as the key is.`)];
    case 'unnoted':
      return [ok('database_account', `Nobody noted it yet. The key is of ${id}.`)];
    default:
      return [foreign(rows.account, id, mode, target)];
  }
}

function foreign(owner: string | undefined, id: string, mode: Mode, target: Subject['target']) {
  return failure(
    'database_account',
    `D1 has the ${mode} mode customers of ${ownerName(owner)}, and the key is of ${id}.`,
    `Give the Worker a key of the first. If it has moved to the second, run ${fillCommand(target, '--begin-anew')}.`,
  );
}

async function ifRead<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BillingError && error.code === 'database_unavailable') return undefined;
    throw error;
  }
}
