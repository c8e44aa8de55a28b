import * as v from 'valibot';
import type { Subscription } from '../customers/customer.ts';

/** What a browser keeps of a visit to the portal, to show afterwards what it changed. */
export type Visit = {
  customer: string;
  /** The flow that was asked for was not possible. */
  flowUnavailable: boolean;
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
});
const StoredVisit = v.object({
  customer: v.string(),
  flowUnavailable: v.boolean(),
  invoice: v.optional(v.string()),
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

// A cookie holds 4 kB. Changes among more subscriptions than these are not shown.
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
