import type { Stripe } from 'stripe';
import * as v from 'valibot';
import type { Budget } from './budget.ts';
import { readProductNames } from './read.ts';
import type { Cursors, Move } from './stores/cursors.ts';
import type { SyncSources } from './sync.ts';

// One call reads so many names, and one statement looks at so many subscriptions.
const PRODUCTS = 100;
const ROWS = 2_000;
const STEP_COST = 3;

const Renames = v.object({ products: v.array(v.string()), after: v.string() });

/** Products whose names have changed, and how far the walk over D1's subscriptions has come. */
type Renames = v.InferOutput<typeof Renames>;

function readRenames(cursors: Cursors): Renames {
  const value = cursors.get('renames');
  return value ? v.parse(Renames, JSON.parse(value)) : { products: [], after: '' };
}

const move = (renames: Renames): Move => ['renames', JSON.stringify(renames)];

/** Notes products that got new names. They wait behind those that a walk is already on. */
export function noteRenames(cursors: Cursors, events: Stripe.Event[]): Move[] {
  const renamed = events.flatMap(({ type, data }) =>
    type === 'product.updated' && 'name' in (data.previous_attributes ?? {}) ? data.object.id : [],
  );
  if (renamed.length === 0) return [];
  const { products, after } = readRenames(cursors);
  return [move({ products: [...products, ...renamed], after })];
}

/** Writes new names to the subscriptions in D1, in steps, as far as the budget reaches. */
export async function renameProducts(
  { stripe, stores, config }: SyncSources,
  cursors: Cursors,
  budget: Budget,
): Promise<void> {
  let renames = readRenames(cursors);
  while (renames.products.length > 0 && budget.allows(1 + STEP_COST)) {
    const products = [...new Set(renames.products.slice(0, PRODUCTS))];
    const names = Object.fromEntries(await readProductNames(stripe, products));
    do {
      const last = await stores.names.rename(names, renames.after, ROWS);
      renames =
        last === null
          ? { products: renames.products.slice(PRODUCTS), after: '' }
          : { ...renames, after: last };
      await stores.cursors.move([move(renames)], config.livemode);
    } while (renames.after !== '' && budget.allows(STEP_COST));
  }
}
