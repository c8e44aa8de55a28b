import { ApiError, missing } from './errors.ts';
import type { List, Resource } from '../objects.ts';

type Page = {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
};

/** The objects of one mode, newest first; of those made in the same second the last one first. */
export function newestFirst<Item extends Resource>(
  items: Iterable<Item>,
  livemode: boolean,
): Item[] {
  return [...items]
    .filter((item) => item.livemode === livemode)
    .toReversed()
    .toSorted((a, b) => b.created - a.created);
}

/** One page of a list. `ending_before` looks the other way but answers newest first as well. */
export function paginate<Item extends { id: string }>(
  items: readonly Item[],
  page: Page,
  noun: string,
  url: string,
): List<Item> {
  const { limit = 10, starting_after: after, ending_before: before } = page;
  if (after !== undefined && before !== undefined) {
    const message = 'You may only specify one of these parameters: starting_after, ending_before.';
    throw new ApiError(400, { message, code: 'parameters_exclusive' });
  }
  if (before !== undefined) {
    const newer = items.slice(0, indexOf(items, before, noun, 'ending_before'));
    return { object: 'list', data: newer.slice(-limit), has_more: newer.length > limit, url };
  }
  const start = after === undefined ? 0 : indexOf(items, after, noun, 'starting_after') + 1;
  const older = items.slice(start);
  return { object: 'list', data: older.slice(0, limit), has_more: older.length > limit, url };
}

function indexOf(
  items: readonly { id: string }[],
  id: string,
  noun: string,
  param: string,
): number {
  const index = items.findIndex((item) => item.id === id);
  if (index === -1) throw missing(noun, id, param);
  return index;
}
