import type { Stripe } from 'stripe';
import { isMissing } from '../stripe/faults.ts';
import type { Budget } from './budget.ts';
import { readProductNames } from './read.ts';
import { isCurrent, productIds, subjectIn, toCustomerState } from './state.ts';
import type { Cursors, List } from './stores/cursors.ts';
import type { SyncSources } from './sync.ts';

const PAGE = 100;

// Two lists of customers, two of products, tickets, the write, the unfinished, the cursor.
const PAGE_COST = 10;

const START = '';
const DONE = 'done';

export type FillState = 'running' | 'complete';
export type FillReport = { filled: number; fill: FillState };

/** One page of a walk: how many customers it filled, and where the next page begins. */
type Step = (
  sources: SyncSources,
  after: string,
  now: Date,
) => Promise<{ filled: number; next: string }>;

/** The walks of the first fill, in this order, each from the newest to the oldest. */
const WALKS: [list: List, step: Step][] = [
  ['customers', fillPage],
  ['checkouts', mapByCheckouts],
];

/** The cursors of walks that are yet to begin. */
export const FILL_START = WALKS.map(([list]): [List, string] => [list, START]);

/** How far the first fill has come; undefined before the first run of the cron job. */
export function fillState(cursors: Cursors): FillState | undefined {
  const values = WALKS.map(([list]) => cursors.get(list));
  if (values.every((value) => value === undefined)) return undefined;
  return values.every((value) => value === DONE) ? 'complete' : 'running';
}

/** Continues the walks as far as the budget reaches. */
export async function fillPages(
  sources: SyncSources,
  cursors: Cursors,
  budget: Budget,
  now: Date,
): Promise<FillReport> {
  const { stores, config } = sources;
  const report: FillReport = { filled: 0, fill: 'complete' };
  for (const [list, step] of WALKS) {
    let cursor = cursors.get(list) ?? START;
    while (cursor !== DONE && budget.allows(PAGE_COST)) {
      const page = await step(sources, cursor, now);
      report.filled += page.filled;
      cursor = page.next;
      await stores.cursors.move([[list, cursor]], config.livemode);
    }
    if (cursor !== DONE) return { ...report, fill: 'running' };
  }
  return report;
}

/**
 * One page of customers, read twice: first for the ids to take tickets for, then, after the
 * tickets, for the state to write.
 */
async function fillPage(
  { stripe, stores: { syncs }, config }: SyncSources,
  after: string,
  now: Date,
): Promise<{ filled: number; next: string }> {
  const named = await listCustomers(stripe, after, []);
  if (!named) return { filled: 0, next: START };
  const ids = named.data.map(({ id }) => id);
  const tickets = await syncs.takeTickets(ids, config.livemode);
  const read = await listCustomers(stripe, after, ['data.subscriptions']);
  if (!read) return { filled: 0, next: START };

  const current = new Map(
    read.data.map((each) => [each.id, each.subscriptions?.data.filter(isCurrent) ?? []]),
  );
  const products = await readProductNames(stripe, productIds([...current.values()].flat()));
  const byId = new Map(read.data.map((customer) => [customer.id, customer]));
  const states = [];
  const unfinished = [];
  for (const { id, ticket } of tickets) {
    const customer = byId.get(id);
    // No longer on the list: deleted since, or pushed to the next page. It stays unsynced.
    if (!customer) continue;
    const subscriptions = current.get(id) ?? [];
    const subject = subjectIn(customer, subscriptions, config.customerMetadataKey);
    states.push({ ...toCustomerState(customer, subject, subscriptions, products), ticket });
    if (customer.subscriptions?.has_more ?? true) unfinished.push(id);
  }
  await syncs.write(states, now);
  if (unfinished.length > 0) await syncs.keepUnsynced(unfinished);
  return { filled: states.length, next: named.has_more ? (ids.at(-1) ?? DONE) : DONE };
}

/** Null when the customer at the cursor was deleted: the walk then begins again. */
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

/** One page of completed checkouts. They map customers that nothing else does. */
async function mapByCheckouts(
  { stripe, stores }: SyncSources,
  after: string,
): Promise<{ filled: number; next: string }> {
  const { data, has_more: hasMore } = await stripe.checkout.sessions.list({
    status: 'complete',
    limit: PAGE,
    ...(after !== START && { starting_after: after }),
  });
  const references = data.flatMap(({ customer, client_reference_id: subject }) =>
    customer !== null && subject ? { id: idOf(customer), subject } : [],
  );
  if (references.length > 0) await stores.syncs.mapUnmapped(references);
  return { filled: 0, next: hasMore ? (data.at(-1)?.id ?? DONE) : DONE };
}

function idOf(customer: string | { id: string }): string {
  return typeof customer === 'string' ? customer : customer.id;
}
