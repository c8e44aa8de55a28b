import { Stripe } from 'stripe';
import * as v from 'valibot';
import { isCursorGone } from '../stripe/faults.ts';

/** The most objects that Stripe lists at once. */
export const PAGE = 100;

const Place = v.object({
  /** The last object of the last page. */
  after: v.optional(v.string()),
  /** When it was created: the place is found again although the object is gone. */
  created: v.optional(v.number()),
  limit: v.optional(v.number(), PAGE),
});

/** Where a walk over one of Stripe's lists goes on, and how much it asks for at once. */
export type Place = v.InferOutput<typeof Place>;

/** A walk's cursor is `''` before it has begun, then a place, and `done` at the end. */
export const START = '';
export const DONE = 'done';

/** Cursors of release 0.1.0 are bare ids. */
export function readPlace(cursor: string): Place {
  if (cursor === START) return { limit: PAGE };
  return cursor.startsWith('{')
    ? v.parse(Place, JSON.parse(cursor))
    : { after: cursor, limit: PAGE };
}

export const writePlace = (place: Place) => JSON.stringify(place);

type Item = { id: string; created: number };

type ListParams = {
  limit: number;
  starting_after?: string;
  created?: { lte: number };
};

export type Page<Listed extends Item> =
  | { kind: 'page'; data: Listed[]; hasMore: boolean }
  /** Nothing came of it: go on from here. */
  | { kind: 'again'; place: Place };

/**
 * Asks for the page at a place. Stripe may be slower than we wait: half as much is asked for then.
 * The object at the place may be gone: the page then begins at the time when it was created.
 */
export async function readPage<Listed extends Item>(
  { after, created, limit }: Place,
  list: (params: ListParams) => Promise<{ data: Listed[]; has_more: boolean }>,
): Promise<Page<Listed>> {
  try {
    const { data, has_more: hasMore } = await list({
      limit,
      ...(after !== undefined && { starting_after: after }),
      ...(after === undefined && created !== undefined && { created: { lte: created } }),
    });
    return { kind: 'page', data, hasMore };
  } catch (error) {
    if (after !== undefined && isCursorGone(error)) {
      return { kind: 'again', place: { created, limit } };
    }
    if (limit > 1 && error instanceof Stripe.errors.StripeConnectionError) {
      return { kind: 'again', place: { after, created, limit: Math.floor(limit / 2) } };
    }
    throw error;
  }
}

/** The place behind this object. A page that arrived lets the next one be larger. */
export function placeAfter({ id, created }: Item, { limit }: Place): string {
  const larger = Math.min(PAGE, Math.ceil(limit * 1.25));
  return writePlace({ after: id, created, limit: larger });
}
