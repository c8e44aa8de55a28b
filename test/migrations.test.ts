import { applyD1Migrations } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createStores } from '../src/customers/stores/index.ts';
import { createLinkStore } from '../src/links/store.ts';
import { emptyTables, tableNames } from './database.ts';
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

const scenariosOf = ({ statements, scenarios }: Release, database = env.DB) =>
  scenarios.map((scenario) =>
    scenario.map(([place, ...values]) => database.prepare(statements[place]!).bind(...values)),
  );

type Row = Record<string, unknown>;

async function rowsOf(database: D1Database): Promise<Map<string, Row[]>> {
  const rows = new Map<string, Row[]>();
  for (const name of await tableNames(database)) {
    const { results } = await database.prepare(`select * from "${name}" order by rowid`).all();
    rows.set(name, results);
  }
  return rows;
}

/** Puts a database back to what a deploy of this release and some use of it would leave. */
async function becomeFormer(release: Release): Promise<Map<string, Row[]>> {
  await env.FORMER.batch([
    env.FORMER.prepare('pragma defer_foreign_keys = true'),
    ...(await tableNames(env.FORMER)).map((name) => env.FORMER.prepare(`drop table "${name}"`)),
    env.FORMER.prepare('drop table if exists d1_migrations'),
  ]);
  const known = env.TEST_MIGRATIONS.filter(({ name }) => release.migrations.includes(name));
  expect(known).toHaveLength(release.migrations.length);
  await applyD1Migrations(env.FORMER, known);
  for (const statement of scenariosOf(release, env.FORMER).flat()) await statement.all();
  return rowsOf(env.FORMER);
}

/** What the rows of before lack now: a table, a row, or a value. */
function lostSince(before: Map<string, Row[]>, now: Map<string, Row[]>): string[] {
  return [...before].flatMap(([name, rows]) =>
    rows
      .filter((row, index) => {
        const today = now.get(name)?.[index];
        return !today || Object.entries(row).some(([column, value]) => today[column] !== value);
      })
      .map((row) => `${name}: ${JSON.stringify(row)}`),
  );
}

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

  it('leaves rows that today’s migrations keep, and today’s code reads', async () => {
    const before = await becomeFormer(release);
    await applyD1Migrations(env.FORMER, env.TEST_MIGRATIONS);
    expect(lostSince(before, await rowsOf(env.FORMER))).toEqual([]);
    const stores = createStores(env.FORMER);
    const mapped = before.get('customers')!.filter((row) => row['subject'] && !row['deleted_at']);
    expect(mapped.length).toBeGreaterThan(0);
    for (const { id, subject, livemode } of mapped) {
      const found = await stores.customers.findBySubjects(
        [String(subject)],
        livemode === 1,
        'primary',
      );
      expect(found.map((customer) => customer.id)).toContain(id);
    }
    const revoked = before.get('link_revocations')!.find(({ kind }) => kind === 'customer');
    const revocation = await createLinkStore(env.FORMER).revocationOf({
      customers: [String(revoked!['id'])],
    });
    expect(revocation.until).toBe(revoked!['not_before']);
    const [ticket] = await stores.syncs.takeTickets([String(mapped[0]!['id'])], false, new Date());
    expect(ticket!.ticket).toBeGreaterThan(Number(mapped[0]!['sync_ticket']));
  });

  it.each([
    'drop table link_revocations',
    'alter table customers drop column name',
    'update customers set subject = null',
    'delete from customers where rowid = 1',
  ])('would not leave its rows after %j', async (loss) => {
    const before = await becomeFormer(release);
    await env.FORMER.prepare(loss).run();
    expect(lostSince(before, await rowsOf(env.FORMER))).not.toEqual([]);
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
