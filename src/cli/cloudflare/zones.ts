import * as v from 'valibot';
import type { CloudflareApi } from './api.ts';
import { allowed } from './workers.ts';

/** Which zone a host is in. `unseen`: the credentials may not read zones. */
export type Zone = { kind: 'found'; name: string } | { kind: 'none' } | { kind: 'unseen' };

/** Looks for the active zone of this account that the host is in. */
export async function findZone(api: CloudflareApi, accountId: string, host: string): Promise<Zone> {
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
    if (zones === undefined) return { kind: 'unseen' };
    if (zones.some((zone) => zone.name === name)) return { kind: 'found', name };
  }
  return { kind: 'none' };
}
