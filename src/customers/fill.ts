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

export type FillReport = { filled: number; fill: 'running' | 'complete' };

/** One page of a walk: how many were taken on, and where the next page begins. */
type Step = (
  sources: SyncSources,
  after: string,
  now: Date,
) => Promise<{ filled: number; next: string }>;

/** What is walked, in this order, each from the newest to the oldest. */
const walks: [list: string, step: Step][] = [
  ['customers', fillPage],
  ['checkouts', mapByCheckouts],
];

const cursorName = (list: string, livemode: boolean) => `${list}:${livemode ? 'live' : 'test'}`;

/** The cursors of walks that are yet to begin. */
export function fillStart(livemode: boolean): [name: string, value: string][] {
  return walks.map(([list]) => [cursorName(list, livemode), START]);
}

/** How far the cursors say that the walks are; undefined before the first run. */
export function fillState(
  cursors: ReadonlyMap<string, string>,
  livemode: boolean,
): 'running' | 'complete' | undefined {
  const values = walks.map(([list]) => cursors.get(cursorName(list, livemode)));
  if (values.every((value) => value === undefined)) return undefined;
  return values.every((value) => value === DONE) ? 'complete' : 'running';
}

export async function isFilled({
  customers,
  config,
}: Pick<SyncSources, 'customers' | 'config'>): Promise<boolean> {
  const names = walks.map(([list]) => cursorName(list, config.livemode));
  return fillState(await customers.readCursors(names), config.livemode) === 'complete';
}

/** Goes on with the walks as far as the budget reaches; nothing is left to do once they end. */
export async function fillPages(
  sources: SyncSources,
  budget: Budget,
  now: Date,
): Promise<FillReport> {
  const { customers, config } = sources;
  const names = walks.map(([list]) => cursorName(list, config.livemode));
  const cursors = await customers.readCursors(names);
  const report: FillReport = { filled: 0, fill: 'complete' };
  for (const [list, step] of walks) {
    const name = cursorName(list, config.livemode);
    let cursor = cursors.get(name) ?? START;
    while (cursor !== DONE && budget.allows(PAGE_COST)) {
      const page = await step(sources, cursor, now);
      report.filled += page.filled;
      cursor = page.next;
      await customers.moveCursor(name, cursor);
    }
    if (cursor !== DONE) return { ...report, fill: 'running' };
  }
  return report;
}

/**
 * One page of customers. Tickets come before the read whose state they stand for, and a list
 * must be read to know who is on it: so it is read twice.
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
  for (const { id, ticket } of tickets) {
    const customer = byId.get(id);
    // Not on the list any more: deleted since, or pushed to the next page. It stays unsynced.
    if (!customer) continue;
    const subscriptions = current.get(id) ?? [];
    const subject = subjectIn(customer, subscriptions, config.customerMetadataKey);
    states.push({ ...toCustomerState(customer, subject, subscriptions, products), ticket });
    if (customer.subscriptions?.has_more ?? true) unfinished.push(id);
  }
  await customers.write(states, now);
  if (unfinished.length > 0) await customers.keepUnsynced(unfinished);
  return { filled: states.length, next: named.has_more ? (ids.at(-1) ?? DONE) : DONE };
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

/** One page of completed checkouts, for the customers whom nothing else maps. */
async function mapByCheckouts(
  { stripe, customers }: SyncSources,
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
  if (references.length > 0) await customers.mapUnmapped(references);
  return { filled: 0, next: hasMore ? (data.at(-1)?.id ?? DONE) : DONE };
}

function idOf(customer: string | { id: string }): string {
  return typeof customer === 'string' ? customer : customer.id;
}
