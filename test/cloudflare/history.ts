import { randomUUID } from 'node:crypto';
import type { Binding, CloudflareAccount, Script } from './account.ts';

/** A version has its own code, bindings and secrets. https://developers.cloudflare.com/workers/versions-and-deployments/ */
export type Version = {
  id: string;
  createdOn: string;
  bindings: Binding[];
  modules: Script['modules'];
  runtime: Script['runtime'];
  secrets: Map<string, string>;
};

type Deployment = { id: string; version: Version; createdOn: string; message: string | undefined };

/** What was uploaded and deployed of one Worker, the newest first. */
export type History = { versions: Version[]; deployments: Deployment[] };

const histories = new WeakMap<CloudflareAccount, Map<string, History>>();
let moments = Date.parse('2026-11-27T00:00:00Z');
const nextMoment = () => new Date((moments += 1_000)).toISOString();

export function historyOf(account: CloudflareAccount, name: string): History {
  const ofAccount = histories.get(account) ?? new Map<string, History>();
  histories.set(account, ofAccount);
  const history = ofAccount.get(name) ?? { versions: [], deployments: [] };
  ofAccount.set(name, history);
  return history;
}

/** Notes what the Worker is now as a version. */
export function noteVersion(
  { versions }: History,
  { bindings, modules, runtime, secrets }: Script,
): Version {
  const version = {
    id: randomUUID(),
    createdOn: nextMoment(),
    bindings,
    modules,
    runtime,
    secrets: new Map(secrets),
  };
  versions.unshift(version);
  return version;
}

export function noteDeployment({ deployments }: History, version: Version, message?: string): void {
  deployments.unshift({ id: randomUUID(), version, createdOn: nextMoment(), message });
}

/** An upload, or a change of a secret, which is deployed at once. */
export function release(account: CloudflareAccount, name: string, script: Script): void {
  const history = historyOf(account, name);
  noteDeployment(history, noteVersion(history, script));
}

/** The secrets that have another value now than in this version, or that only one of them has. */
export function changedSecrets({ secrets }: Script, version: Version): string[] {
  const names = new Set([...secrets.keys(), ...version.secrets.keys()]);
  return [...names].filter((each) => secrets.get(each) !== version.secrets.get(each));
}

export const shownVersion = ({ id, createdOn, bindings }: Version) => ({
  id,
  number: 1,
  metadata: { created_on: createdOn, author_email: 'ada@example.com', source: 'wrangler' },
  annotations: {},
  resources: { bindings, script: {}, script_runtime: {} },
});

export const shownDeployment = ({ id, version, createdOn, message }: Deployment) => ({
  id,
  source: 'wrangler',
  strategy: 'percentage',
  author_email: 'ada@example.com',
  created_on: createdOn,
  annotations: { 'workers/message': message },
  versions: [{ version_id: version.id, percentage: 100 }],
});
