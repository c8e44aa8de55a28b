import * as v from 'valibot';
import { FLOWS, type Flow } from './flow.ts';
import { productsOf, type Subscription } from '../customers/customer.ts';

/** What a browser keeps of a visit to the portal, to show afterwards what it changed. */
export type Visit = {
  customer: string;
  /** The flow that was asked for was not possible. */
  flowUnavailable: boolean;
  /** The flow that Stripe refused, though the portal was said to have it. */
  refused?: Flow | undefined;
  /** The invoice that they went to pay. */
  invoice?: string | undefined;
  before: Snapshot[];
};

type Snapshot = v.InferOutput<typeof Snapshot>;

const Snapshot = v.object({
  id: v.string(),
  cancelAt: v.nullable(v.number()),
  paused: v.boolean(),
  plan: v.string(),
  /** What it was of. Cookies from before there were names lack it. */
  name: v.optional(v.string()),
});
const StoredVisit = v.object({
  customer: v.string(),
  flowUnavailable: v.boolean(),
  refused: v.optional(v.picklist(FLOWS)),
  invoice: v.optional(v.string()),
  before: v.array(Snapshot),
});

export type ChangeKind =
  | 'cancelled'
  | 'resumed'
  | 'paused'
  | 'unpaused'
  | 'changed'
  | 'seats'
  | 'ended'
  | 'new';

export type Change = {
  kind: ChangeKind;
  /** Undefined for what has ended, if its name is not known. */
  product: string | undefined;
  cancelAt: number | null;
  /** How many there were of the one item, and how many there are. */
  seats: [from: number, to: number];
};

// A cookie holds 4 kB. Changes among more subscriptions than these are not shown.
const SNAPSHOTS = 8;
const PLAN_CHARACTERS = 120;
const NAME_BYTES = 100;

export function snapshot(subscriptions: Subscription[]): Snapshot[] {
  return subscriptions.slice(0, SNAPSHOTS).map((each) => ({
    id: each.id,
    cancelAt: each.cancelAt,
    paused: each.paused,
    plan: each.items
      .map(({ price, quantity }) => `${price}*${quantity}`)
      .join()
      .slice(0, PLAN_CHARACTERS),
    name: shortened(productsOf(each)),
  }));
}

const fits = (text: string) => encodeURIComponent(text).length <= NAME_BYTES;

/** As much of a name as fits: a letter can take nine bytes of a cookie. */
function shortened(given: string): string {
  const name = given.toWellFormed();
  if (fits(name)) return name;
  const letters = Array.from(name);
  while (!fits(letters.join(''))) letters.pop();
  return `${letters.join('')}…`;
}

/** Reads what the browser kept. Null for anything else. */
export function parseVisit(text: string): Visit | null {
  try {
    const result = v.safeParse(StoredVisit, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** What has changed since. */
export function changesSince(before: Snapshot[], now: Subscription[]): Change[] {
  const known = new Map(before.map((each) => [each.id, each]));
  const isComplete = before.length < SNAPSHOTS;
  const changes: Change[] = [];
  for (const [index, current] of snapshot(now).entries()) {
    const old = known.get(current.id);
    const kind = old ? changeOf(old, current) : isComplete ? 'new' : undefined;
    const subscription = now[index];
    if (!kind || !subscription) continue;
    const seats: Change['seats'] = [seatsOf(old), seatsOf(current)];
    const { cancelAt } = subscription;
    changes.push({ kind, product: productsOf(subscription), cancelAt, seats });
  }
  for (const { id, name, cancelAt } of before) {
    if (now.some((each) => each.id === id)) continue;
    changes.push({ kind: 'ended', product: name, cancelAt, seats: [0, 0] });
  }
  return changes;
}

function changeOf(old: Snapshot, current: Snapshot): ChangeKind | undefined {
  if (old.cancelAt === null && current.cancelAt !== null) return 'cancelled';
  if (old.cancelAt !== null && current.cancelAt === null) return 'resumed';
  if (!old.paused && current.paused) return 'paused';
  if (old.paused && !current.paused) return 'unpaused';
  if (old.plan === current.plan) return undefined;
  const isSamePrice = old.plan.split('*')[0] === current.plan.split('*')[0];
  return isSamePrice && seatsOf(old) > 0 && seatsOf(current) > 0 ? 'seats' : 'changed';
}

/** How many there are of a plan's one item; 0 if there are several items, or it has no number. */
function seatsOf(of: Snapshot | undefined): number {
  const [, quantity] = /^[^*,]+\*(\d+)$/.exec(of?.plan ?? '') ?? [];
  return Number(quantity ?? 0);
}
