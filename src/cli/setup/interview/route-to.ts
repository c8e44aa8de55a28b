import { isLoopback } from '../../../config/secure-url.ts';
import { healthIn, visitHealth } from '../../worker.ts';
import type { Asking } from './answers.ts';
import type { Place } from './places.ts';

/**
 * What leads to the Worker at an address that is settled. Asks if it seems that nothing does: no
 * route of the configuration has the host, and nothing of ours answers there.
 */
export async function routeTo(
  { dialogue, cloudflare, target, shell }: Asking,
  origin: string,
): Promise<Omit<Place, 'kind'>> {
  const place = { origin, routes: [], open: [] };
  const { hostname: host } = new URL(origin);
  const isWorkersDev = target.isOnWorkersDev && host.endsWith('.workers.dev');
  if (isLoopback(host) || isWorkersDev || target.routes.some((each) => covers(each, host))) {
    return place;
  }
  const answers = await dialogue.working(`Opening ${origin}`, async () => {
    const visited = await visitHealth(new URL(origin), shell.fetch);
    return visited.kind === 'answered' && (await healthIn(visited.response)) !== undefined;
  });
  if (answers) return place;
  const zone = await cloudflare?.zoneOf(host);
  const chosen =
    zone?.kind === 'found' && !(await shell.resolves(host))
      ? await dialogue.choose(`What leads to ${host}?`, [
          { value: 'own_host', label: 'Cloudflare makes that host for the Worker' },
          { value: 'other', label: 'A route or a rewrite that you make yourself' },
        ])
      : 'other';
  if (chosen === 'own_host') return { ...place, routes: [{ pattern: host }] };
  const open = `Nothing leads to ${origin}/billing yet: add it to routes in ${target.configFile}, or let your site pass it on.`;
  return { ...place, open: [open] };
}

/** Whether a pattern such as `*.example.com/billing*` has this host. */
function covers(pattern: string, host: string): boolean {
  const given = pattern.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
  return given.startsWith('*') ? host.endsWith(given.slice(1)) : given === host;
}
