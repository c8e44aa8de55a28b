import { resolve } from 'node:path';
import { fillState } from '../../customers/fill.ts';
import { createStores } from '../../customers/stores/index.ts';
import { createImportStore } from '../../customers/stores/imports.ts';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { createStripe } from '../../stripe/client.ts';
import { onTables } from '../d1/tables.ts';
import { createDialogue } from '../dialogue.ts';
import { checkAccount } from '../fill/account.ts';
import { OperatorProblem } from '../problem.ts';
import { count } from '../progress.ts';
import { modeOf } from '../settings.ts';
import { findStripeAccount } from '../setup/stripe-account.ts';
import type { Shell } from '../shell.ts';
import { readStripeConfig } from '../stripe-config.ts';
import { fillCommand, readTarget, type TargetOptions } from '../target.ts';
import { describePlan } from './describe.ts';
import { createLeftOut } from './left-out.ts';
import { mapCustomers } from './map.ts';
import { writeMetadata } from './metadata.ts';
import { openWithOperatorKey } from './operator-key.ts';
import { planFile } from './plan.ts';
import { readMappingFile } from './read-file.ts';

export type ImportOptions = TargetOptions & {
  keyStdin?: boolean;
  persistTo?: string;
  replace?: boolean;
  writeMetadata?: boolean;
  yes?: boolean;
  dryRun?: boolean;
};

/**
 * Maps the customers that a file names, by an operator's word, after it has shown what that
 * changes.
 *
 * @returns whether every line has come to something
 * @throws OperatorProblem, BillingError, Cancelled
 */
export async function runImport(
  shell: Shell,
  path: string,
  options: ImportOptions,
): Promise<boolean> {
  const { replace: replaces = false, yes = false, dryRun = false } = options;
  const dialogue = createDialogue(shell, { yes, dryRun });
  const target = readTarget(shell.directory, shell.environment, options);
  const mapping = resolve(shell.directory, path);
  const file = readMappingFile(mapping);
  const config = await readStripeConfig(shell, target, options.keyStdin ?? false);
  const { livemode, customerMetadataKey } = config;
  const mode = modeOf(config.stripe.secretKey);
  const { id: account } = await findStripeAccount(createStripe(config.stripe), mode);
  const writes = options.writeMetadata ?? false;
  const writer =
    writes && !dryRun ? await openWithOperatorKey(shell, dialogue, config, account) : undefined;

  return onTables(shell, target, options.persistTo, async (database) => {
    await checkAccount(createOperatorStore(database), account, mode);
    const { cursors } = createStores(database);
    const isFilled = fillState(await cursors.read(livemode)) === 'complete';
    const fill = isFilled ? undefined : fillCommand(target);
    if (file.by === 'email' && fill) {
      throw new OperatorProblem(
        `D1 does not have all customers yet, so it cannot know whether an address has only one. Run ${fill} first.`,
      );
    }
    const store = createImportStore(database);
    const plan = await planFile(shell, file, store, livemode, replaces);
    const metadataKey = writes ? customerMetadataKey : undefined;
    shell.print(`${describePlan(file, plan, { replaces, fill, metadataKey })}\n`);
    const notMapped = createLeftOut(mapping, 'not-mapped', file.by);
    if (!dryRun) notMapped.write(plan.refusals);
    if (plan.refusals.length > 0) shell.print(`${notMapped.show(plan.refusals, dryRun)}\n`);

    const { found, changes } = plan;
    if (changes.length === 0 && (!writes || found.length === 0)) {
      shell.print('There is nothing to map.\n');
      return plan.refusals.length === 0;
    }
    const change = writes
      ? `Map ${count(changes.length)} customers in D1, and write metadata of ${count(found.length)} at Stripe`
      : `Map ${count(changes.length)} customers in D1`;
    if (!(await dialogue.decide(change, false))) {
      shell.print('Nothing was changed.\n');
      return plan.refusals.length === 0;
    }
    const refused = await mapCustomers(shell, changes, store, livemode, replaces);
    if (refused.length > 0) {
      notMapped.write([...plan.refusals, ...refused]);
      shell.print(`${notMapped.show(refused)}\n`);
    }
    const notWritten = createLeftOut(mapping, 'not-written', file.by);
    const unwritten = writer
      ? await writeMetadata(
          shell,
          { ...writer, config, cursors },
          file,
          found,
          notWritten,
          replaces,
        )
      : 0;
    shell.print(`${count(changes.length - refused.length)} customers were mapped.\n`);
    if (unwritten > 0) {
      shell.print(`${count(unwritten)} are without metadata: see ${notWritten.name}.\n`);
    }
    return plan.refusals.length + refused.length + unwritten === 0;
  });
}
