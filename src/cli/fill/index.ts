import { command } from '../../commands.ts';
import { createOperatorStore, type Overview } from '../../customers/stores/operator.ts';
import { createStripe } from '../../stripe/client.ts';
import { onTables } from '../d1/tables.ts';
import { Cancelled } from '../problem.ts';
import { modeOf } from '../settings.ts';
import { findStripeAccount } from '../setup/stripe-account.ts';
import type { Shell } from '../shell.ts';
import { readStripeConfig } from '../stripe-config.ts';
import { readTarget, type TargetOptions } from '../target.ts';
import { settleAccount } from './account.ts';
import { createFillProgress } from './progress.ts';
import { walkAll } from './walk.ts';

export type FillOptions = TargetOptions & {
  keyStdin?: boolean;
  beginAnew?: boolean;
  persistTo?: string;
};

/**
 * Does the first fill from this machine, or what is left of it, beside the cron job.
 *
 * @throws OperatorProblem, BillingError, Cancelled
 */
export async function runFill(shell: Shell, options: FillOptions): Promise<void> {
  const { keyStdin = false, beginAnew = false, persistTo } = options;
  const target = readTarget(shell.directory, shell.environment, options);
  const config = await readStripeConfig(shell, target, keyStdin);
  const { livemode } = config;
  const mode = modeOf(config.stripe.secretKey);
  const stripe = createStripe(config.stripe);
  const { id } = await findStripeAccount(stripe, mode);
  await onTables(shell, target, persistTo, async (database) => {
    const store = createOperatorStore(database);
    await settleAccount(store, stripe, id, mode, beginAnew);
    shell.print(`Walking the customers of ${id ?? 'this Stripe account'}, ${mode} mode.\n`);
    const progress = createFillProgress(shell);
    let end: 'complete' | 'stopped';
    try {
      end = await walkAll(shell, config, database, progress);
    } finally {
      progress.end();
    }
    if (end === 'stopped') throw new Cancelled();
    shell.print(`${closing(await store.overview(livemode))}\n`);
  });
}

function closing({ customers, mapped, unsynced, conflicts }: Overview): string {
  return [
    `The first fill is complete. D1 has ${customers} customers, ${mapped} of them with a subject.`,
    ...(unsynced > 0 ? [`${unsynced} wait for a sync, which the cron job makes.`] : []),
    ...(conflicts > 0
      ? [`Subscriptions of ${conflicts} name several subjects: \`${command('doctor')}\` says more.`]
      : []),
  ].join('\n');
}
