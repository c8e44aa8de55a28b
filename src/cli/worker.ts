import * as v from 'valibot';
import { VERSION } from '../version.ts';
import type { Fetch } from './shell.ts';

const MILLISECONDS = 10_000;

export type Visit =
  | { kind: 'answered'; response: Response }
  | { kind: 'unreachable'; reason: string };

/** Requests a page of the Worker as a visitor would. */
export async function visit(url: URL, fetch: Fetch): Promise<Visit> {
  try {
    const signal = AbortSignal.timeout(MILLISECONDS);
    return { kind: 'answered', response: await fetch(url, { redirect: 'manual', signal }) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const reason = cause instanceof Error ? cause.message : 'no connection';
    return { kind: 'unreachable', reason };
  }
}

const state = v.picklist(['not_begun', 'running', 'complete']);

// Those before 0.2.0 say less: only `status` is certain.
const health = v.object({
  status: v.picklist(['ok', 'late', 'unavailable']),
  version: v.optional(v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/))),
  mode: v.optional(v.picklist(['test', 'live'])),
  last_run: v.optional(v.nullable(v.string())),
  first_fill: v.optional(state),
  first_fill_lists: v.optional(v.record(v.string(), state)),
  backlog: v.optional(
    v.object({ customers: v.number(), failing: v.number(), seconds: v.number() }),
  ),
  problems: v.optional(v.array(v.object({ key: v.string(), remedy: v.string() })), []),
});

export type Health = v.InferOutput<typeof health>;

/** What portal-link says at /healthz; undefined if something else has answered. */
export async function healthIn(response: Response): Promise<Health | undefined> {
  const result = v.safeParse(health, await response.json().catch(() => null));
  return result.success ? result.output : undefined;
}

/**
 * Requests what portal-link says of itself. On a route of the site's own host, /healthz may be the
 * site's; releases before 0.2.0 know no other address.
 */
export async function visitHealth(url: URL, fetch: Fetch): Promise<Visit> {
  const visited = await visit(new URL('/billing/healthz', url), fetch);
  const isOurs = visited.kind === 'answered' && (await healthIn(visited.response.clone()));
  return isOurs ? visited : visit(new URL('/healthz', url), fetch);
}

/** Whether this release of portal-link answers at this address. */
export async function isCurrent(url: URL, fetch: Fetch): Promise<boolean> {
  const visited = await visitHealth(url, fetch);
  if (visited.kind === 'unreachable') return false;
  return (await healthIn(visited.response))?.version === VERSION;
}
