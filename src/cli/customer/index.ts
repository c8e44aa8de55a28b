import { fillState } from '../../customers/fill.ts';
import { EVIDENCE } from '../../customers/mapping.ts';
import { readCustomer, type Reading } from '../../customers/read.ts';
import { createStores } from '../../customers/stores/index.ts';
import { createOperatorStore } from '../../customers/stores/operator.ts';
import { syncCustomer } from '../../customers/sync.ts';
import { createStripe } from '../../stripe/client.ts';
import { calling } from '../../stripe/faults.ts';
import { onTables } from '../d1/tables.ts';
import { checkAccount } from '../fill/account.ts';
import { OperatorProblem } from '../problem.ts';
import { modeOf } from '../settings.ts';
import { findStripeAccount } from '../setup/stripe-account.ts';
import type { Shell } from '../shell.ts';
import { readStripeConfig } from '../stripe-config.ts';
import { readTarget, type TargetOptions } from '../target.ts';
import { describe, type Known } from './describe.ts';
import { byMetadata, findIds } from './find.ts';
import type { CustomerSources } from './sources.ts';

export type CustomerOptions = TargetOptions & {
  keyStdin?: boolean;
  persistTo?: string;
  sync?: boolean;
  map?: string;
  unmap?: boolean;
};

/**
 * Shows what D1 and Stripe say of a customer, after the changes that the options name.
 *
 * @throws OperatorProblem, BillingError
 */
export async function runCustomer(
  shell: Shell,
  who: string,
  options: CustomerOptions,
): Promise<void> {
  const target = readTarget(shell.directory, shell.environment, options);
  const config = await readStripeConfig(shell, target, options.keyStdin ?? false);
  const stripe = createStripe(config.stripe);
  const mode = modeOf(config.stripe.secretKey);
  const { id: account } = await findStripeAccount(stripe, mode);
  await onTables(shell, target, options.persistTo, async (database) => {
    const operator = createOperatorStore(database);
    await checkAccount(operator, account, mode);
    const sources = { config, stripe, operator, stores: createStores(database) };
    const ids = await findIds(who, sources);
    await change(ids, sources, options);
    for (const id of ids) {
      shell.print(`${describe(await lookAt(id, sources))}\n`);
    }
  });
}

/** @throws OperatorProblem if there is not exactly one customer to change */
async function change(
  ids: string[],
  sources: CustomerSources,
  { sync, map, unmap }: CustomerOptions,
): Promise<void> {
  if (!sync && map === undefined && !unmap) return;
  const [id = '', ...others] = ids;
  if (others.length > 0) {
    throw new OperatorProblem(`Nothing was changed. Name one of these: ${ids.join(', ')}.`);
  }
  if (map === '') throw new OperatorProblem('--map: name a subject, or use --unmap.');
  const record = await sources.operator.record(id);
  // A row of its own comes first: what nobody has read cannot be anybody's.
  if (sync || !record?.isRead) await syncCustomer(id, sources, new Date());
  if (map === undefined && !unmap) return;
  const isMapped = await sources.operator.map(id, map ?? null, sources.config.livemode);
  if (!isMapped) throw new OperatorProblem(`Nothing was mapped: Stripe has no customer ${id}.`);
}

async function lookAt(id: string, sources: CustomerSources): Promise<Known> {
  const { config, stripe, stores, operator } = sources;
  const { livemode, customerMetadataKey } = config;
  const record = await operator.record(id);
  const subject = record?.subject;
  const [reading, isSearchable] = await calling(livemode, async () => {
    const read = await readCustomer(stripe, id, customerMetadataKey, false);
    return [read, !subject && (await isFound(read, sources))];
  });
  return {
    id,
    livemode,
    record,
    reading,
    subscriptions: await stores.customers.subscriptionsOf(id),
    ofSubject: subject
      ? (await stores.customers.findBySubjects([subject], livemode, 'primary')).map(
          (each) => each.id,
        )
      : [],
    isFilled: fillState(await stores.cursors.read(livemode)) === 'complete',
    isSearchable,
    linkByEmail: config.linkByEmail,
  };
}

/** Whether a visit finds this customer by Stripe's search. */
async function isFound(reading: Reading, sources: CustomerSources): Promise<boolean> {
  if (reading.kind === 'deleted' || reading.mapping.evidence !== EVIDENCE.customer) return false;
  return (await byMetadata(reading.mapping.subject, sources)).includes(reading.customer.id);
}
