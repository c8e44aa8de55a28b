import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { parse } from 'smol-toml';
import { workerSettings } from '../../.ci/package/templates.ts';
import { planWorkerSettings } from '../../src/cli/init/worker-settings.ts';
import { OperatorProblem } from '../../src/cli/problem.ts';
import { textBeside } from '../with-email.ts';

const TEMPLATE = workerSettings(textBeside());
const TOP = 'name = "shop"\nmain = "src/app.ts"\ncompatibility_date = "2026-01-01"\n';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'portal-link-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What `init` would write into a configuration that says this, or why it does not. */
function plan(text: string): string {
  writeFileSync(join(directory, 'wrangler.toml'), text);
  try {
    const { changes } = planWorkerSettings(directory, 'wrangler.toml', TEMPLATE, true);
    return changes[0]?.after ?? '';
  } catch (error) {
    expect(error).toBeInstanceOf(OperatorProblem);
    return (error as OperatorProblem).message;
  }
}

/** As Wrangler reads it. */
function readByWrangler(text: string) {
  const config = join(directory, 'wrangler.toml');
  writeFileSync(config, text);
  return unstable_readConfig({ config }, { hideWarnings: true });
}

describe('a name that portal-link needs and something else has', () => {
  const DATABASE = '[[d1_databases]]\nbinding = "DB"\ndatabase_name = "billing"\n';

  it.each([
    ['DB', 'kv_namespaces', '[[kv_namespaces]]\nbinding = "DB"\nid = "1"\n', DATABASE],
    ['DB', 'vars', '[vars]\nDB = "postgres"\n', DATABASE],
    ['DB', 'hyperdrive', '[[hyperdrive]]\nbinding = "DB"\nid = "1"\n', DATABASE],
    ['DB', 'ai', '[ai]\nbinding = "DB"\n', DATABASE],
    [
      'DB',
      'durable_objects.bindings',
      '[[durable_objects.bindings]]\nname = "DB"\nclass_name = "Db"\n',
      DATABASE,
    ],
  ])('is said before anything is written: %s in %s', (name, place, theirs, ours) => {
    expect(() => readByWrangler(`${TOP}${theirs}`)).not.toThrow();
    expect(() => readByWrangler(`${TOP}${theirs}${ours}`)).toThrow(name);
    expect(plan(`${TOP}${theirs}`)).toMatch(
      new RegExp(`has ${name} in \\[${place}\\], .* APP_${name}\\. .* Nothing was written`),
    );
  });

  it('is said of what Wrangler passes on as it is, which Cloudflare would refuse', () => {
    const theirs = '[[unsafe.bindings]]\nname = "SESSION_LIMIT"\ntype = "ratelimit"\n';
    expect(plan(`${TOP}${theirs}`)).toContain('has SESSION_LIMIT in [unsafe.bindings]');
  });

  it('is said of an environment, too', () => {
    expect(plan(`${TOP}[[env.live.r2_buckets]]\nbinding = "DB"\nbucket_name = "b"\n`)).toContain(
      'has DB in [env.live.r2_buckets]',
    );
  });

  it('is no name of another sort', () => {
    const harmless =
      '[[workflows]]\nname = "DB"\nbinding = "FLOW"\nclass_name = "F"\n[[tail_consumers]]\nservice = "DB"\n';
    const after = plan(`${TOP}${harmless}`);
    expect(() => readByWrangler(after)).not.toThrow();
    expect(parse(after)).toMatchObject({ d1_databases: [{ binding: 'DB' }] });
  });
});

it('shows an item for a list that is written as one value, beside which no table may stand', () => {
  const list = '[{ binding = "SHOP", database_name = "shop" }]';
  const text = `d1_databases = ${list}\n${TOP}`;
  const [, shown = ''] = plan(text).split('run this again:\n\n');
  const [blocks = '', items = ''] = shown.split(
    'Into the lists that are there, the items of these:',
  );
  const { d1_databases: added } = parse(items) as { d1_databases: object[] };
  expect(added).toEqual([
    expect.objectContaining({ binding: 'DB', database_name: 'shop-billing' }),
  ]);
  const item = items.split('\n').find((line) => line.includes('DB')) ?? '';
  const followed = `d1_databases = [${list.slice(1, -1)},\n${item}\n]\n${TOP}\n${blocks}`;
  expect(
    readByWrangler(followed).d1_databases.map((each: { binding: string }) => each.binding),
  ).toEqual(['SHOP', 'DB']);
  expect(plan(followed)).toBe('');
});
