import * as v from 'valibot';
import type { EventWalk } from './event-walk.ts';
import type { Cursors } from './stores/cursors.ts';
import type { SyncSources } from './sync.ts';

const Note = v.object({
  at: v.number(),
  customers: v.number(),
  failing: v.number(),
  age: v.number(),
});

/**
 * What a run of the cron job left (Unix seconds): how many customers wait, how many of them after
 * attempts that failed, and how many seconds the longest of the others has waited.
 */
export type BacklogNote = v.InferOutput<typeof Note>;

/** Counts once in a run what /healthz then says for nothing. Events that are unread wait, too. */
export async function noteBacklog(
  { stores, config }: SyncSources,
  { readUntil }: EventWalk,
  now: Date,
): Promise<BacklogNote> {
  const at = Math.floor(now.getTime() / 1000);
  const { customers, failing, since } = await stores.syncs.backlog(config.livemode, now);
  const age = Math.max(0, at - Math.min(since ?? at, readUntil));
  const note = { at, customers, failing, age };
  await stores.cursors.move([['backlog', JSON.stringify(note)]], config.livemode);
  return note;
}

/** What the last run left; undefined before the first one. */
export function readBacklogNote(cursors: Cursors): BacklogNote | undefined {
  const value = cursors.get('backlog');
  return value === undefined ? undefined : v.parse(Note, JSON.parse(value));
}
