import * as v from 'valibot';
import type { Subscription } from '../customers/customer.ts';

/** What a browser keeps of a visit to the portal, to tell afterwards what it changed. */
export type Visit = {
  customer: string;
  /** The step that was asked for could not be taken. */
  flowUnavailable: boolean;
  before: Snapshot[];
};

type Snapshot = v.InferOutput<typeof Snapshot>;

const Snapshot = v.object({
  id: v.string(),
  cancelAt: v.nullable(v.number()),
  paused: v.boolean(),
  plan: v.string(),
});
const StoredVisit = v.object({
  customer: v.string(),
  flowUnavailable: v.boolean(),
  before: v.array(Snapshot),
});

export type ChangeKind =
  | 'cancelled'
  | 'resumed'
  | 'paused'
  | 'unpaused'
  | 'changed'
  | 'ended'
  | 'new';
export type Change = { kind: ChangeKind; subscription: Subscription | undefined };

// A cookie holds 4 kB; nobody looks for what changed among more than these.
const SNAPSHOTS = 8;
const PLAN_CHARACTERS = 120;

export function snapshot(subscriptions: Subscription[]): Snapshot[] {
  return subscriptions.slice(0, SNAPSHOTS).map((each) => ({
    id: each.id,
    cancelAt: each.cancelAt,
    paused: each.paused,
    plan: each.items
      .map(({ price, quantity }) => `${price}*${quantity}`)
      .join()
      .slice(0, PLAN_CHARACTERS),
  }));
}

/** Reads what the browser kept; null for anything else. */
export function parseVisit(text: string): Visit | null {
  try {
    const result = v.safeParse(StoredVisit, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** What has become different since. */
export function changesSince(before: Snapshot[], now: Subscription[]): Change[] {
  const known = new Map(before.map((each) => [each.id, each]));
  const isComplete = before.length < SNAPSHOTS;
  const changes: Change[] = [];
  for (const [index, subscription] of snapshot(now).entries()) {
    const kind = changeOf(known.get(subscription.id), subscription, isComplete);
    if (kind) changes.push({ kind, subscription: now[index] });
  }
  for (const { id } of before) {
    if (!now.some((each) => each.id === id))
      changes.push({ kind: 'ended', subscription: undefined });
  }
  return changes;
}

function changeOf(
  old: Snapshot | undefined,
  current: Snapshot,
  isComplete: boolean,
): ChangeKind | undefined {
  if (!old) return isComplete ? 'new' : undefined;
  if (old.cancelAt === null && current.cancelAt !== null) return 'cancelled';
  if (old.cancelAt !== null && current.cancelAt === null) return 'resumed';
  if (!old.paused && current.paused) return 'paused';
  if (old.paused && !current.paused) return 'unpaused';
  return old.plan === current.plan ? undefined : 'changed';
}
