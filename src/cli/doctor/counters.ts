import { namespaceId } from '../rate-limits.ts';
import { CONFIG_FILE } from '../target.ts';
import { ok, skipped, warning, type Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Finds limits that count together with another Worker's, or with each other. */
export function examineCounters({ target, counters }: Subject): Finding {
  const { rateLimits, workerName } = target;
  const shared = rateLimits.flatMap(({ name, namespaceId: id }) => {
    const twins = rateLimits.filter((each) => each.namespaceId === id && each.name !== name);
    const others = counters.kind === 'seen' ? (counters.workers.get(id) ?? []) : [];
    const users = [...twins.map((twin) => twin.name), ...others];
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
