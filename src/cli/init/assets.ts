import type { Format, TablePath } from '../config-file/format.ts';
import { isTable, listIn, type Table } from '../config-file/table.ts';

/**
 * A page that is opened in a browser gets the app's own index.html or 404.html, and no Worker, where
 * assets answer for what is not there.
 * https://developers.cloudflare.com/workers/static-assets/routing/worker-script/
 */
export function assetsByHand(
  { tableName, shown }: Format,
  { assets }: Table,
  path: TablePath = [],
): string[] {
  if (!isTable(assets) || (assets['not_found_handling'] ?? 'none') === 'none') return [];
  const first = listIn(assets, 'run_worker_first');
  if (
    assets['run_worker_first'] === true ||
    first.some((each) => /^\/(?:billing)?\*$/.test(each))
  ) {
    return [];
  }
  const missing = ['/billing', '/billing/*'].filter((each) => !first.includes(each));
  if (missing.length === 0) return [];
  const entry = shown({ key: 'run_worker_first', value: [...first, ...missing] });
  return [
    `in ${tableName(...path, 'assets')}, set ${entry}: otherwise the link opens your own page`,
  ];
}
