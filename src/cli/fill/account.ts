import type { Stripe } from 'stripe';
import { command } from '../../commands.ts';
import type { OperatorStore } from '../../customers/stores/operator.ts';
import { calling, isCustomerGone } from '../../stripe/faults.ts';
import { OperatorProblem } from '../problem.ts';
import type { Mode } from '../settings.ts';

/** Whose customers D1 has. */
export type Rows =
  /** Of the account that was noted. */
  | { kind: 'noted' }
  /** Nobody has noted it, and nothing speaks against the account of the key. */
  | { kind: 'unnoted' }
  /** Of another account than the key is of; undefined if only its customers show it. */
  | { kind: 'foreign'; account: string | undefined };

// One may have been deleted a moment ago. Not all of them.
const SAMPLE = 3;

/**
 * Whether D1 has customers of this Stripe account. Where nobody has noted whose they are, Stripe
 * is asked for some of them.
 *
 * @param account  undefined if the key does not show it
 * @throws BillingError
 */
export async function lookAtRows(
  store: OperatorStore,
  stripe: Stripe,
  account: string | undefined,
  mode: Mode,
): Promise<Rows> {
  const livemode = mode === 'live';
  const noted = await store.account(livemode);
  if (noted !== undefined) {
    const isForeign = account !== undefined && noted !== account;
    return isForeign ? { kind: 'foreign', account: noted } : { kind: 'noted' };
  }
  const ids = await store.sample(livemode, SAMPLE);
  for (const id of ids) {
    if (await calling(livemode, async () => isThere(stripe, id))) return { kind: 'unnoted' };
  }
  return ids.length === 0 ? { kind: 'unnoted' } : { kind: 'foreign', account: undefined };
}

async function isThere(stripe: Stripe, id: string): Promise<boolean> {
  try {
    await stripe.customers.retrieve(id);
    return true;
  } catch (error) {
    if (isCustomerGone(error)) return false;
    throw error;
  }
}

/** The other account in words, with its id where that is known. */
export const ownerName = (account: string | undefined) =>
  ['another Stripe account', ...(account === undefined ? [] : [account])].join(', ');

/**
 * Makes sure that the database is of this Stripe account, and notes whose it is. The rows of two
 * accounts in one database would show visitors what they never bought.
 *
 * @param account  undefined if the key does not show it
 * @throws OperatorProblem if it is of another account, unless all walks are to begin anew
 */
export async function settleAccount(
  store: OperatorStore,
  stripe: Stripe,
  account: string | undefined,
  mode: Mode,
  beginsAnew: boolean,
): Promise<void> {
  const livemode = mode === 'live';
  if (beginsAnew) {
    if (account !== undefined) return store.beginWithAccount(account, livemode);
    throw new OperatorProblem('--begin-anew: the key does not show its Stripe account.');
  }
  const rows = await lookAtRows(store, stripe, account, mode);
  if (rows.kind === 'foreign') throw foreign(rows.account, account, mode);
  if (account !== undefined) await store.noteAccount(account, livemode);
}

/** @throws OperatorProblem if the database is known to be of another Stripe account */
export async function checkAccount(
  store: OperatorStore,
  account: string | undefined,
  mode: Mode,
): Promise<void> {
  const noted = await store.account(mode === 'live');
  if (account === undefined || noted === undefined || noted === account) return;
  throw foreign(noted, account, mode);
}

function foreign(owner: string | undefined, account: string | undefined, mode: Mode) {
  return new OperatorProblem(
    `The database has the ${mode} mode customers of ${ownerName(owner)}, and the key is of ${account ?? 'one that has none of them'}. ` +
      `Give a key of the first. If the Worker has moved to the second, walk it from the beginning: \`${command('fill')}\` with --begin-anew.`,
  );
}
