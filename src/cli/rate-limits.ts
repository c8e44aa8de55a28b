import { createHash } from 'node:crypto';

/**
 * The `namespace_id` of a rate limit: from the names of the Worker and of the limit, because
 * Workers of one account that use the same id also use the same counters. The ids in our
 * wrangler.toml are those of the Worker `portal-link`.
 *
 * @param taken  ids that the account already uses for something else
 */
export function namespaceId(
  workerName: string,
  limit: string,
  taken: ReadonlySet<string> = new Set(),
): string {
  const hash = createHash('sha256').update(`${workerName} ${limit}`).digest();
  // A positive integer of 31 bits.
  let id = (hash.readUInt32BE() >>> 1) + 1;
  while (taken.has(String(id))) id += 1;
  return String(id);
}
