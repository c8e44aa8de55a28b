import { formatOf } from '../config-file/formats.ts';
import { readConfig } from '../config-file/read.ts';
import { environmentsIn, tablesIn, type Table } from '../config-file/table.ts';
import { namespaceId } from '../rate-limits.ts';
import type { Target } from '../target.ts';
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
      `Give each of the ${formatOf(target.configFile).listName('ratelimits')} of one of the Workers a namespace_id of its own in ${target.configFile}, and deploy it. Free for ${workerName}: ${ids.join(', ')}.`,
    );
  }
  if (counters.kind === 'unseen') return skipped('rate_limit_counters', counters.reason);
  return ok('rate_limit_counters', 'Each limit has its own.');
}

/** The other Workers of the configuration whose limits count with this id, deployed or not. */
function inFile({ directory, configFile, environment }: Target, id: string): string[] {
  const config = readConfig(directory);
  const { tableName } = formatOf(configFile);
  const all: [string | undefined, Table][] = [[undefined, config], ...environmentsIn(config)];
  return all.flatMap(([name, { ratelimits }]) => {
    if (name === environment) return [];
    if (!tablesIn(ratelimits).some((limit) => limit['namespace_id'] === id)) return [];
    return [name === undefined ? 'the top level' : tableName('env', name)];
  });
}
