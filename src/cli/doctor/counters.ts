import type { TomlValue } from 'smol-toml';
import { readConfig } from '../misplaced.ts';
import { namespaceId } from '../rate-limits.ts';
import { CONFIG_FILE, type Target } from '../target.ts';
import { isTable } from '../toml.ts';
import { ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Finds limits that count together with another Worker's, or with each other. */
export function examineCounters({ target, counters }: Subject): Finding {
  const { rateLimits, workerName } = target;
  const shared = rateLimits.flatMap(({ name, namespaceId: id }) => {
    const twins = rateLimits.filter((each) => each.namespaceId === id && each.name !== name);
    const others = counters.kind === 'seen' ? (counters.workers.get(id) ?? []) : [];
    const users = [...twins.map((twin) => twin.name), ...inFile(target, id), ...others];
    return users.length === 0 ? [] : [{ name, text: `${name} with ${users.join(', ')} (${id})` }];
  });
  if (shared.length > 0) {
    const taken = new Set(counters.kind === 'seen' ? counters.workers.keys() : []);
    const ids = shared.map(({ name }) => `${name} = "${namespaceId(workerName, name, taken)}"`);
    return warning(
      'rate_limit_counters',
      `Shared: ${shared.map(({ text }) => text).join('; ')}.`,
      `Give each [[ratelimits]] of one of the Workers a namespace_id of its own in ${CONFIG_FILE}, and deploy it. Free for ${workerName}: ${ids.join(', ')}.`,
    );
  }
  if (counters.kind === 'unseen') return skipped('rate_limit_counters', counters.reason);
  return ok('rate_limit_counters', 'Each limit has its own.');
}

/** The other Workers of wrangler.toml whose limits count with this id, deployed or not. */
function inFile({ directory, environment }: Target, id: string): string[] {
  const config = readConfig(directory);
  const named = isTable(config['env']) ? Object.entries(config['env']) : [];
  const all: [string | undefined, TomlValue][] = [[undefined, config], ...named];
  return all.flatMap(([name, table]) => {
    if (name === environment || !isTable(table)) return [];
    const limits = table['ratelimits'];
    if (!Array.isArray(limits)) return [];
    if (!limits.some((limit) => isTable(limit) && limit['namespace_id'] === id)) return [];
    return [name === undefined ? 'the top level' : `[env.${name}]`];
  });
}
