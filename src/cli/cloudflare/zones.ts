import * as v from 'valibot';
import type { CloudflareApi } from './api.ts';
import { allowed } from './workers.ts';

/**
 * The active zone of this account that the host is in; undefined if there is none, or if the
 * credentials may not read zones.
 */
export async function findZone(
  api: CloudflareApi,
  accountId: string,
  host: string,
): Promise<string | undefined> {
  const labels = host.split('.');
  for (let first = 0; first <= labels.length - 2; first += 1) {
    const name = labels.slice(first).join('.');
    const query = new URLSearchParams({
      name,
      'account.id': accountId,
      status: 'active',
    }).toString();
    const zones = await allowed(async () =>
      api(`/zones?${query}`, v.array(v.object({ name: v.string() }))),
    );
    if (zones === undefined) return undefined;
    if (zones.some((zone) => zone.name === name)) return name;
  }
  return undefined;
}
