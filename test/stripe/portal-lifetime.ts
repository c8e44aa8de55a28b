import type { StoredSession } from './portal-objects.ts';

const minute = 60_000;

/** A session's address works for 5 minutes unopened, and for an hour after each use. */
export function isOpen(stored: StoredSession, now: number): boolean {
  const { createdAt, lastUsedAt, expired } = stored;
  if (expired) return false;
  return lastUsedAt === null ? now <= createdAt + 5 * minute : now <= lastUsedAt + 60 * minute;
}
