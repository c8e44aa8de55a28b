import { fillState } from '../../customers/fill.ts';
import { createCursorStore } from '../../customers/stores/cursors.ts';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { withDatabase } from '../d1/open.ts';
import { lookAtRows, ownerName, type Rows } from '../fill/account.ts';
import { OperatorProblem } from '../problem.ts';
import { fillCommand } from '../target.ts';
import type { StripeContext } from './context.ts';

type State = { isComplete: boolean; rows: Rows };

/**
 * Offers to do the first fill from this machine, while it is not complete. Notes whose customers
 * D1 has, or says that they are of another Stripe account.
 */
export async function mentionFill(
  { shell, target, dialogue, mode, callStripe }: StripeContext,
  account: string | undefined,
): Promise<void> {
  const livemode = mode === 'live';
  const look = async (database: D1Database): Promise<State> => {
    const store = createOperatorStore(database);
    const rows = await callStripe(async (stripe) => lookAtRows(store, stripe, account, mode));
    if (rows.kind === 'unnoted' && account !== undefined) {
      await store.noteAccount(account, livemode);
    }
    const cursors = await createCursorStore(database).read(livemode);
    return { isComplete: fillState(cursors) === 'complete', rows };
  };
  const state = await dialogue.working('Looking at the first fill', async () => {
    try {
      return await withDatabase(shell, target, undefined, look);
    } catch (error) {
      // The database was a step of its own, which the operator has left out.
      if (error instanceof BillingError || error instanceof OperatorProblem) return undefined;
      throw error;
    }
  });
  if (!state) return;
  const { rows, isComplete } = state;
  if (rows.kind === 'foreign') {
    return dialogue.say(
      `D1 has the customers of ${ownerName(rows.account)}. If the Worker has moved to ${account ?? 'that of the key'}, run ${fillCommand(target, '--begin-anew')}.`,
    );
  }
  if (isComplete) return;
  const otherwise =
    target.place === 'local'
      ? 'Until then, the Worker searches Stripe for each of them.'
      : 'Otherwise the cron job does it, which takes longer.';
  dialogue.say(
    `D1 does not have all customers yet. ${fillCommand(target)} reads them from Stripe. ${otherwise}`,
  );
}
