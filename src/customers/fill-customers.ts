import type { Stripe } from 'stripe';
import { mappingIn } from './mapping.ts';
import { statesOf, type Reading } from './read.ts';
import { isCurrent, productIds } from './state.ts';
import { withTickets, type SyncSources } from './sync.ts';
import { DONE, placeAfter, readPage, writePlace, type Place } from './walk.ts';

// What one call reads, and one statement writes: D1 takes values of up to 2 MB.
const MOST_PRODUCTS = 100;
const MOST_CHARACTERS = 500_000;

/**
 * One page of customers, read twice: first for the ids to take tickets for, then, after the
 * tickets, for the state to write.
 */
export async function fillCustomers(
  { stripe, stores: { syncs }, config }: SyncSources,
  place: Place,
  now: Date,
): Promise<{ walked: number; next: string }> {
  const named = await readPage(place, async (params) => stripe.customers.list(params));
  if (named.kind === 'again') return { walked: 0, next: writePlace(named.place) };
  const ids = named.data.map(({ id }) => id);
  const tickets = await syncs.takeTickets(ids, config.livemode, now);
  const read = await readPage(place, async (params) =>
    stripe.customers.list({ ...params, expand: ['data.subscriptions'] }),
  );
  if (read.kind === 'again') return { walked: 0, next: writePlace(read.place) };

  const fitting = firstThatFit(read.data);
  const states = await statesOf(
    stripe,
    fitting.map((customer): Reading => {
      const subscriptions = currentOf(customer);
      const mapping = mappingIn(customer, subscriptions, config.customerMetadataKey);
      // The names of coupons come with the customer's next sync.
      return { kind: 'living', customer, subscriptions, coupons: new Map(), mapping };
    }),
  );
  // Customers that are new on the list have no ticket. Those that were deleted keep theirs.
  const written = withTickets(states, tickets);
  await syncs.write(written, now);
  const unfinished = fitting.filter(({ subscriptions }) => subscriptions?.has_more ?? true);
  if (unfinished.length > 0) {
    await syncs.keepUnsynced(
      unfinished.map(({ id }) => id),
      now,
    );
  }
  const last = fitting.length < read.data.length || named.hasMore ? fitting.at(-1) : undefined;
  return { walked: written.length, next: last ? placeAfter(last, place) : DONE };
}

const currentOf = ({ subscriptions }: Stripe.Customer) =>
  subscriptions?.data.filter(isCurrent) ?? [];

/** As many as can be written at once, and at least one. The next page begins behind them. */
function firstThatFit(customers: Stripe.Customer[]): Stripe.Customer[] {
  const products = new Set<string>();
  let characters = 0;
  const count = customers.findIndex((customer) => {
    const subscriptions = currentOf(customer);
    for (const id of productIds(subscriptions)) products.add(id);
    // What D1 keeps of a customer is a part of what Stripe says.
    characters += JSON.stringify(subscriptions).length / 4;
    return products.size > MOST_PRODUCTS || characters > MOST_CHARACTERS;
  });
  return count === -1 ? customers : customers.slice(0, Math.max(1, count));
}
