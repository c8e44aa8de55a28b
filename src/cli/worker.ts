import * as v from 'valibot';
import { wranglerTarget, type Target } from './target.ts';
import { jsonIn, reasonOf, type Wrangler } from './wrangler.ts';

const MILLISECONDS = 10_000;

/** The Worker at Cloudflare, as far as wrangler can see it. */
export type Deployed =
  | { kind: 'seen'; secrets: ReadonlySet<string> }
  | { kind: 'absent' }
  | { kind: 'unseen'; reason: string };

/** Looks up the Worker and the names of its secrets. */
export async function lookAtWorker(target: Target, wrangler: Wrangler): Promise<Deployed> {
  const result = await wrangler(['secret', 'list', '--format', 'json', ...wranglerTarget(target)]);
  const listed = jsonIn(result, v.array(v.object({ name: v.string() })));
  if (listed) return { kind: 'seen', secrets: new Set(listed.map(({ name }) => name)) };
  const output = result.stderr + result.stdout;
  if (/10007|does not exist|not found/i.test(output)) return { kind: 'absent' };
  return { kind: 'unseen', reason: reasonOf(result) };
}

export type Visit =
  | { kind: 'answered'; response: Response }
  | { kind: 'unreachable'; reason: string };

/** Requests a page of the Worker as a visitor would. */
export async function visit(url: URL): Promise<Visit> {
  try {
    const signal = AbortSignal.timeout(MILLISECONDS);
    return { kind: 'answered', response: await fetch(url, { redirect: 'manual', signal }) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    const reason = cause instanceof Error ? cause.message : 'no connection';
    return { kind: 'unreachable', reason };
  }
}

const health = v.object({
  status: v.picklist(['ok', 'unavailable']),
  problems: v.optional(v.array(v.object({ key: v.string(), remedy: v.string() })), []),
});

export type Health = v.InferOutput<typeof health>;

/** What portal-link says at /healthz; undefined if something else has answered. */
export async function healthIn(response: Response): Promise<Health | undefined> {
  const result = v.safeParse(health, await response.json().catch(() => null));
  return result.success ? result.output : undefined;
}

/** Whether portal-link answers at this address. */
export async function isDeployed(url: URL): Promise<boolean> {
  const visited = await visit(new URL('/healthz', url));
  return visited.kind === 'answered' && (await healthIn(visited.response)) !== undefined;
}
