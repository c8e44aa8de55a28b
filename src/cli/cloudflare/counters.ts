import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';
import type { Target } from '../target.ts';
import { connectToCloudflare, type ApiShell, type CloudflareApi } from './api.ts';
import type { Deployed } from './workers.ts';

/** Which other Workers of the account count with which `namespace_id`. */
export type Counters =
  | { kind: 'seen'; workers: ReadonlyMap<string, string[]> }
  | { kind: 'unseen'; reason: string };

// Requests to Cloudflare's API at the same time.
const AT_ONCE = 10;

/** Reads the rate limits of all other Workers of the account. */
export async function lookAtCounters(
  shell: ApiShell,
  target: Target,
  deployed: Deployed | undefined,
): Promise<Counters> {
  if (!deployed) return { kind: 'seen', workers: new Map() };
  if (deployed.kind === 'unseen') return { kind: 'unseen', reason: 'Cloudflare cannot be asked.' };
  if (target.rateLimits.length === 0) return { kind: 'seen', workers: new Map() };
  try {
    const { api } = await connectToCloudflare(shell, target.accountId);
    return { kind: 'seen', workers: await countersOfOthers(api, target.workerName) };
  } catch (error) {
    if (error instanceof OperatorProblem) return { kind: 'unseen', reason: error.message };
    throw error;
  }
}

async function countersOfOthers(api: CloudflareApi, own: string): Promise<Map<string, string[]>> {
  const all = await api('/workers/scripts', v.array(v.object({ id: v.string() })));
  const others = all.map(({ id }) => id).filter((name) => name !== own);
  const workers = new Map<string, string[]>();
  for (let start = 0; start < others.length; start += AT_ONCE) {
    const batch = others.slice(start, start + AT_ONCE);
    const found = await Promise.all(batch.map(async (name) => namespacesOf(api, name)));
    for (const [index, name] of batch.entries()) {
      for (const id of found[index] ?? []) workers.set(id, [...(workers.get(id) ?? []), name]);
    }
  }
  return workers;
}

const settings = v.object({
  bindings: v.array(v.object({ type: v.string(), namespace_id: v.optional(v.string()) })),
});

async function namespacesOf(api: CloudflareApi, worker: string): Promise<Set<string>> {
  const { bindings } = await api(
    `/workers/scripts/${encodeURIComponent(worker)}/settings`,
    settings,
  );
  const limits = bindings.filter(({ type }) => type === 'ratelimit');
  return new Set(limits.flatMap(({ namespace_id: id }) => (id === undefined ? [] : [id])));
}
