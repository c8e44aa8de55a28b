import type { Budget } from './budget.ts';
import { fillCustomers } from './fill-customers.ts';
import { mapByCheckouts, mapBySubscriptions } from './fill-mappings.ts';
import type { Cursors, List } from './stores/cursors.ts';
import type { SyncSources } from './sync.ts';
import { DONE, PAGE, readPlace, START, type Place } from './walk.ts';

export type FillState = 'running' | 'complete';

type FillList = Extract<List, 'customers' | 'subscriptions' | 'checkouts'>;

/** How many objects of each list were walked. */
export type Walked = Record<FillList, number>;

/** What was walked, and where all walks stand now, unless another runner walks as well. */
export type FillReport = {
  walked: Walked;
  fill: FillState;
  cursors: Cursors;
  isShared: boolean;
};

/** One page of a walk: how many objects it walked, and the cursor of what follows. */
type Step = (
  sources: SyncSources,
  place: Place,
  now: Date,
) => Promise<{ walked: number; next: string }>;

type Walk = { list: FillList; step: Step; cost: number };

/** The walks of the first fill, each from the newest to the oldest. */
const WALKS: Walk[] = [
  { list: 'customers', step: fillCustomers, cost: 11 },
  { list: 'subscriptions', step: mapBySubscriptions, cost: 3 },
  { list: 'checkouts', step: mapByCheckouts, cost: 3 },
];

/** The cursors of walks that are yet to begin. */
export const FILL_START = WALKS.map(({ list }): [List, string] => [list, START]);

const A_ROUND = WALKS.reduce((sum, { cost }) => sum + cost, 0);

/** How many customers a run of the cron job walks at the least, with so many subrequests. */
export const customersPerRun = (subrequests: number): number =>
  Math.max(1, Math.floor(subrequests / A_ROUND)) * PAGE;

/** How far the first fill has come; undefined before the first run of the cron job. */
export function fillState(cursors: Cursors): FillState | undefined {
  const values = WALKS.map(({ list }) => cursors.get(list));
  if (values.every((value) => value === undefined)) return undefined;
  return values.every((value) => value === DONE) ? 'complete' : 'running';
}

/** How far the walk over each list has come. */
export function listStates(cursors: Cursors): Record<FillList, FillState | 'not_begun'> {
  const stateOf = (list: FillList) => {
    const value = cursors.get(list);
    if (value === undefined || value === START) return 'not_begun';
    return value === DONE ? 'complete' : 'running';
  };
  return {
    customers: stateOf('customers'),
    subscriptions: stateOf('subscriptions'),
    checkouts: stateOf('checkouts'),
  };
}

/**
 * Continues the walks as far as the budget reaches, a page of each in turn, so that customers who
 * paid are mapped early. The cursors in D1 move after each page: a walk can stop at any time, and
 * the cron job or an operator's machine continues it. Both may run at once: the one that finds a
 * cursor moved leaves that walk to the other.
 */
export async function continueFill(
  sources: SyncSources,
  cursors: Cursors,
  budget: Budget,
  now: Date,
): Promise<FillReport> {
  const { stores, config } = sources;
  const places = new Map(cursors);
  const taken = new Set<List>();
  const walked: Walked = { customers: 0, subscriptions: 0, checkouts: 0 };
  const isGoing = ({ list, cost }: Walk) =>
    places.get(list) !== DONE && !taken.has(list) && budget.allows(cost);
  for (let going = WALKS.filter(isGoing); going.length > 0; going = WALKS.filter(isGoing)) {
    for (const { list, step, cost } of going) {
      if (!budget.allows(cost)) continue;
      const from = places.get(list);
      const page = await step(sources, readPlace(from ?? START), now);
      walked[list] += page.walked;
      if (await stores.cursors.advance(list, from, page.next, config.livemode)) {
        places.set(list, page.next);
      } else taken.add(list);
    }
  }
  const fill = fillState(places) ?? 'running';
  return { walked, fill, cursors: places, isShared: taken.size > 0 };
}
