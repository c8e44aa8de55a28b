import * as v from 'valibot';
import { OperatorProblem } from '../problem.ts';
import type { Target } from '../target.ts';
import {
  CloudflareRefusal,
  connectToCloudflare,
  type ApiShell,
  type CloudflareApi,
} from './api.ts';

/** The Worker at Cloudflare, as far as its API shows it. */
export type Deployed =
  | { kind: 'seen'; secrets: ReadonlySet<string> }
  | { kind: 'absent' }
  | { kind: 'unseen'; reason: string };

/** Looks up the Worker and the names of its secrets. */
export async function lookAtWorker(shell: ApiShell, target: Target): Promise<Deployed> {
  try {
    const { api } = await connectToCloudflare(shell, target.accountId);
    return await findWorker(api, target.workerName);
  } catch (error) {
    if (error instanceof OperatorProblem) return { kind: 'unseen', reason: error.message };
    throw error;
  }
}

const NO_SUCH_WORKER = 10_007;

/** @throws OperatorProblem if Cloudflare cannot be asked */
export async function findWorker(
  api: CloudflareApi,
  name: string,
): Promise<Exclude<Deployed, { kind: 'unseen' }>> {
  try {
    const path = `/workers/scripts/${encodeURIComponent(name)}/secrets`;
    const secrets = await api(path, v.array(v.object({ name: v.string() })));
    return { kind: 'seen', secrets: new Set(secrets.map((secret) => secret.name)) };
  } catch (error) {
    const isRefusal = error instanceof CloudflareRefusal;
    if (isRefusal && error.codes.includes(NO_SUCH_WORKER)) return { kind: 'absent' };
    throw error;
  }
}

/** The account's name; undefined if the credentials may not read it. */
export async function findAccountName(api: CloudflareApi): Promise<string | undefined> {
  return (await allowed(async () => api('', v.object({ name: v.string() }))))?.name;
}

/** The account's part of workers.dev, such as `example` of `example.workers.dev`. */
export async function findSubdomain(api: CloudflareApi): Promise<string | undefined> {
  const found = await allowed(async () =>
    api('/workers/subdomain', v.object({ subdomain: v.string() })),
  );
  return found?.subdomain;
}

/** The answer; undefined if the credentials may not ask. */
export async function allowed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CloudflareRefusal) return undefined;
    throw error;
  }
}
