import { fillState } from '../../customers/fill.ts';
import { createCursorStore } from '../../customers/stores/cursors.ts';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { BillingError } from '../../errors/billing-error.ts';
import { withDatabase } from '../d1/open.ts';
import { OperatorProblem } from '../problem.ts';
import { fillCommand } from '../target.ts';
import type { Context } from './context.ts';

type State = { isComplete: boolean; noted: string | undefined };

/**
 * Offers to do the first fill from this machine, while it is not complete. Notes whose customers
 * D1 has, or says that they are of another Stripe account.
 */
export async function mentionFill(
  { shell, target, dialogue }: Context,
  account: string | undefined,
  livemode: boolean,
): Promise<void> {
  const look = async (database: D1Database): Promise<State> => {
    const store = createOperatorStore(database);
    const noted = await store.account(livemode);
    if (noted === undefined && account !== undefined) await store.noteAccount(account, livemode);
    const cursors = await createCursorStore(database).read(livemode);
    return { isComplete: fillState(cursors) === 'complete', noted };
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
  const { noted, isComplete } = state;
  if (noted !== undefined && account !== undefined && noted !== account) {
    return dialogue.say(
      `D1 has the customers of another Stripe account, ${noted}. If the Worker has moved to ${account}, run ${fillCommand(target, '--begin-anew')}.`,
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
