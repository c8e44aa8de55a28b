import type { Stripe } from 'stripe';
import { isMissing } from '../stripe/faults.ts';
import type { Budget } from './budget.ts';
import { readProductNames } from './read.ts';
import { isCurrent, productIds, subjectIn, toCustomerState } from './state.ts';
import type { SyncSources } from './sync.ts';

const PAGE = 100;

// Two lists of customers, two of products, tickets, the write, what is unfinished, the cursor.
const PAGE_COST = 10;

const START = '';
const DONE = 'done';

const cursorName = (livemode: boolean) => `customers:${livemode ? 'live' : 'test'}`;

export type FillReport = { filled: number; fill: 'running' | 'complete' };

/** Begins a walk over all customers, from the newest to the oldest. */
export async function startFill({ customers, config }: SyncSources): Promise<void> {
  await customers.moveCursor(cursorName(config.livemode), START);
}

export async function isFilled({
  customers,
  config,
}: Pick<SyncSources, 'customers' | 'config'>): Promise<boolean> {
  return (await customers.readCursor(cursorName(config.livemode))) === DONE;
}

/** Goes on with the walk as far as the budget reaches; nothing is left to do once it is done. */
export async function fillPages(
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<FillReport> {
  const { customers, config } = sources;
  const name = cursorName(config.livemode);
  let cursor = (await customers.readCursor(name)) ?? DONE;
  let filled = 0;
  while (cursor !== DONE && budget.allows(PAGE_COST)) {
    const page = await fillPage(sources, cursor, now);
    filled += page.filled;
    cursor = page.next;
    await customers.moveCursor(name, cursor);
  }
  return { filled, fill: cursor === DONE ? 'complete' : 'running' };
}

/**
 * One page. Tickets come before the read whose state they stand for, and a list must be read to
 * know who is on it: so it is read twice.
 */
async function fillPage(
  { stripe, customers, config }: SyncSources,
  after: string,
  now: Date,
): Promise<{ filled: number; next: string }> {
  const named = await listCustomers(stripe, after, []);
  if (!named) return { filled: 0, next: START };
  const ids = named.data.map(({ id }) => id);
  const tickets = await customers.takeTickets(ids, config.livemode);
  const read = await listCustomers(stripe, after, ['data.subscriptions']);
  if (!read) return { filled: 0, next: START };

  const current = new Map(
    read.data.map((each) => [each.id, each.subscriptions?.data.filter(isCurrent) ?? []]),
  );
  const products = await readProductNames(stripe, productIds([...current.values()].flat()));
  const byId = new Map(read.data.map((customer) => [customer.id, customer]));
  const states = [];
  const unfinished = [];
  for (const { id, ticket, mapped } of tickets) {
    const customer = byId.get(id);
    // Not on the list any more: deleted since, or pushed to the next page. It stays unsynced.
    if (!customer) continue;
    const subscriptions = current.get(id) ?? [];
    const subject = subjectIn(customer, subscriptions, config.customerMetadataKey);
    states.push({ ...toCustomerState(customer, subject, subscriptions, products), ticket });
    const isPartial = customer.subscriptions?.has_more ?? true;
    if (isPartial || (!mapped && subject === null)) unfinished.push(id);
  }
  await customers.write(states, now);
  if (unfinished.length > 0) await customers.keepUnsynced(unfinished);
  const last = ids.at(-1);
  return { filled: states.length, next: named.has_more && last !== undefined ? last : DONE };
}

/** Null when the customer that the walk has come to was deleted: it then begins again. */
async function listCustomers(
  stripe: Stripe,
  after: string,
  expand: string[],
): Promise<Stripe.ApiList<Stripe.Customer> | null> {
  try {
    return await stripe.customers.list({
      limit: PAGE,
      expand,
      ...(after !== START && { starting_after: after }),
    });
  } catch (error) {
    if (isMissing(error, 'customer')) return null;
    throw error;
  }
}
