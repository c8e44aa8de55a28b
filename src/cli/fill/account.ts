import type { OperatorStore } from '../../customers/stores/operator.ts';
import { OperatorProblem } from '../problem.ts';
import type { Mode } from '../settings.ts';

/**
 * Makes sure that the database is of this Stripe account, and notes whose it is. The rows of two
 * accounts in one database would show visitors what they never bought.
 *
 * @param account  undefined if the key does not show it
 * @throws OperatorProblem if it is of another account, unless all walks shall begin anew
 */
export async function settleAccount(
  store: OperatorStore,
  account: string | undefined,
  mode: Mode,
  beginsAnew: boolean,
): Promise<void> {
  const livemode = mode === 'live';
  if (account === undefined) {
    if (!beginsAnew) return;
    throw new OperatorProblem('--begin-anew: the key does not show its Stripe account.');
  }
  if (beginsAnew) return store.beginWithAccount(account, livemode);
  await checkAccount(store, account, mode);
  await store.noteAccount(account, livemode);
}

/** @throws OperatorProblem if the database is known to be of another Stripe account */
export async function checkAccount(
  store: OperatorStore,
  account: string | undefined,
  mode: Mode,
): Promise<void> {
  const noted = await store.account(mode === 'live');
  if (account === undefined || noted === undefined || noted === account) return;
  throw new OperatorProblem(
    `The database has the ${mode} mode customers of the Stripe account ${noted}, and the key is of ${account}. ` +
      'Give a key of the first. If the Worker has moved to the second, walk it from the beginning: `npm run fill` with --begin-anew.',
  );
}
