import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyTables } from './database.ts';
import type { Release } from './releases/scenarios.ts';

// A deploy applies migrations first, and the code before it goes on for a while. So what each
// release asks D1 is kept in test/releases/, by `npm run record:release`, and runs here again.
const files = import.meta.glob('./releases/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const releases = Object.entries(files).map(([path, text]) => ({
  version: path.replace(/^.*\/|\.json$/g, ''),
  ...(JSON.parse(String(text)) as Release),
}));

const TABLES = ['cursors', 'customers', 'link_revocations', 'searches', 'subscriptions'];

async function tablesWithRows(): Promise<string[]> {
  const found: string[] = [];
  for (const table of TABLES) {
    if (await env.DB.prepare(`select 1 from ${table}`).first()) found.push(table);
  }
  return found;
}

const scenariosOf = ({ statements, scenarios }: Release) =>
  scenarios.map((scenario) =>
    scenario.map(([place, ...values]) => env.DB.prepare(statements[place]!).bind(...values)),
  );

beforeEach(async () => emptyTables(env.DB));

it('there is a record of a release', () => {
  expect(releases).not.toEqual([]);
});

describe.each(releases)('the code of release $version', (release) => {
  it('runs on the tables of today, and each of its tables gets rows', async () => {
    const written = new Set<string>();
    for (const scenario of scenariosOf(release)) {
      await emptyTables(env.DB);
      for (const statement of scenario) await statement.all();
      for (const table of await tablesWithRows()) written.add(table);
    }
    expect([...written].toSorted()).toEqual(TABLES);
  });

  it.each([
    'alter table customers drop column name',
    'alter table subscriptions rename column paused to is_paused',
    'alter table cursors rename to bookmarks',
    `alter table subscriptions add column currency text not null default '' check (currency <> '')`,
    `create trigger strict before insert on searches begin select raise(abort, 'strict'); end`,
  ])('would not run after %j', async (contraction) => {
    // A batch is one transaction: it fails, and so the contraction never was.
    const everything = [env.DB.prepare(contraction), ...scenariosOf(release).flat()];
    await expect(env.DB.batch(everything)).rejects.toThrow('D1_ERROR');
  });
});
