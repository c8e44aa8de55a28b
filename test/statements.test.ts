import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyTables } from './database.ts';
import { createStores } from '../src/customers/stores/index.ts';
import { createImportStore } from '../src/customers/stores/imports.ts';
import { createOperatorStore } from '../src/customers/stores/operator.ts';
import type { MappedState } from '../src/customers/read.ts';

const ROWS = 100_000;
const NOW = new Date(1_800_000_000_000);
const SECONDS = NOW.getTime() / 1000;

type Run = { sql: string; values: unknown[]; rows: number };

/** D1 that notes each statement with its values, and the rows that it says it has read. */
function noting(database: D1Database, runs: Run[]): D1Database {
  const known = new WeakMap<object, { statement: D1PreparedStatement; run: Run }>();
  const note = (run: Run, result: D1Result) => {
    run.rows = result.meta.rows_read;
    runs.push(run);
    return result;
  };
  const wrap = (statement: D1PreparedStatement, run: Run): object => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), { ...run, values }),
      all: async () => note(run, await statement.all()),
      run: async () => note(run, await statement.run()),
    };
    known.set(wrapped, { statement, run });
    return wrapped;
  };
  const connection = (target: Pick<D1Database, 'prepare' | 'batch'>) => ({
    prepare: (sql: string) => wrap(target.prepare(sql), { sql, values: [], rows: 0 }),
    batch: async (list: object[]) => {
      const results = await target.batch(list.map((each) => known.get(each)!.statement));
      return results.map((result, index) => note(known.get(list[index]!)!.run, result));
    },
  });
  const noted = {
    ...connection(database),
    withSession: (constraint: D1SessionConstraint) => connection(database.withSession(constraint)),
  };
  return noted as unknown as D1Database;
}

const runs: Run[] = [];
const stores = createStores(noting(env.DB, runs));
const operator = createOperatorStore(noting(env.DB, runs));
const imports = createImportStore(noting(env.DB, runs));

const search = { sought: 'user_7', livemode: false, claim: 'claim' };
const references = [{ id: 'cus_7', subject: 'user_7' }];
const mention = { id: 'cus_7', event: 'evt_7', at: SECONDS };
const state: MappedState & { ticket: number } = {
  kind: 'living',
  id: 'cus_7',
  subject: 'user_7',
  evidence: 70,
  conflict: false,
  email: null,
  name: null,
  livemode: false,
  createdAt: 1,
  subscriptions: [],
  ticket: 1_000_000,
};

type Case = [work: () => Promise<unknown>, rowsRead: number];

/** What each method of each store reads at most, beside a hundred thousand customers. */
const CASES: Record<string, Case> = {
  'customers.findBySubjects': [
    async () => stores.customers.findBySubjects(['user_7'], false, 'nearest'),
    8,
  ],
  // A list is unpacked into rows of its own.
  'customers.findBySubjects of several': [
    async () => stores.customers.findBySubjects(['user_7', 'user_8'], false, 'nearest'),
    16,
  ],
  'customers.findByIds': [async () => stores.customers.findByIds(['cus_7'], false, 'primary'), 8],
  'customers.findByEmail': [
    async () => stores.customers.findByEmail(['7@example.com'], false, 5),
    8,
  ],
  'customers.subscriptionsOf': [async () => stores.customers.subscriptionsOf('cus_7'), 8],
  'customers.deletedOf': [async () => stores.customers.deletedOf('user_7', false, 5), 8],
  'syncs.takeTickets': [async () => stores.syncs.takeTickets(['cus_7'], false, NOW, 'evt_6'), 12],
  'syncs.retakeTickets': [async () => stores.syncs.retakeTickets(['cus_7'], NOW), 12],
  'syncs.takeOnAndMove': [
    async () => stores.syncs.takeOnAndMove([mention], false, NOW, [['events', '{}']]),
    16,
  ],
  'syncs.unsynced': [async () => stores.syncs.unsynced(false, NOW, 10), 32],
  'syncs.backlog': [async () => stores.syncs.backlog(false, NOW), 2_400],
  'syncs.write': [async () => stores.syncs.write([state], NOW), 24],
  'syncs.keepUnsynced': [async () => stores.syncs.keepUnsynced(['cus_7'], NOW), 12],
  'syncs.mapByEmail': [async () => stores.syncs.mapByEmail('cus_7', 'user_7'), 4],
  'listed.mapByCheckouts': [async () => stores.listed.mapByCheckouts(references, false), 8],
  'listed.mapBySubscriptions': [
    async () => stores.listed.mapBySubscriptions(references, false, NOW),
    8,
  ],
  'names.rename': [async () => stores.names.rename({ prod_1: 'New' }, 'sub_5', 100), 720],
  'searches.claim': [async () => stores.searches.claim(search, NOW), 8],
  'searches.end': [async () => stores.searches.end(search), 8],
  'searches.release': [async () => stores.searches.release(search), 8],
  // A minute's searches: a run of the cron job reads them all.
  'searches.forgetOld': [async () => stores.searches.forgetOld(NOW), 8],
  'mails.count': [
    async () =>
      stores.mails.count(
        [
          [
            { counted: 'a', most: 2, seconds: 60 },
            { counted: 'b', most: 2, seconds: 60 },
          ],
        ],
        { counted: 'all', most: 9, seconds: 60 },
        NOW,
      ),
    28,
  ],
  'mails.forgetOld': [async () => stores.mails.forgetOld(NOW), 8],
  'cursors.read': [async () => stores.cursors.read(false), 20],
  'cursors.move': [async () => stores.cursors.move([['checkouts', 'x']], false), 8],
  'cursors.advance': [async () => stores.cursors.advance('checkouts', 'x', 'y', false), 8],
  'imports.findByIds': [async () => imports.findByIds(['cus_7', 'cus_8'], false), 8],
  'imports.findByAddresses': [
    async () => imports.findByAddresses(['7@example.com', '8@example.com'], false),
    12,
  ],
  'imports.map': [async () => imports.map([{ id: 'cus_8', subject: 'user_8' }], false, false), 12],
  'operator.customer': [async () => operator.customer('cus_7'), 4],
  'operator.record': [async () => operator.record('cus_7'), 4],
  'operator.map': [async () => operator.map('cus_9', 'user_9', false), 8],
  'operator.account': [async () => operator.account(false), 20],
  'operator.noteAccount': [async () => operator.noteAccount('acct_1', false), 8],
  'operator.beginWithAccount': [async () => operator.beginWithAccount('acct_1', false), 40],
};

/** What an operator asks for now and then may look at everything. */
const COUNTS = new Set([
  'operator.overview',
  'operator.conflicts',
  'operator.countByEvidence',
  'operator.sample',
  'operator.appliedMigrations',
  'operator.tables',
]);

// Tables that stay small, and are read as a whole: cursors, a minute's searches.
const SMALL = /^SCAN (?:cursors|searches)\b/;
const LARGE = /^SCAN (?:customers|subscriptions|mails|link_revocations)\b/;

beforeAll(async () => {
  await emptyTables(env.DB);
  const numbers = `with recursive numbers (n) as (
    select 1 union all select n + 1 from numbers where n < ${ROWS})`;
  // One in a hundred waits for a sync, and half have no subject, as where a fill has just begun.
  await env.DB.batch([
    env.DB.prepare(
      `insert into customers (id, subject, email, livemode, created_at, sync_ticket, synced_ticket,
        due_at)
      ${numbers} select 'cus_' || n, iif(n % 2, 'user_' || n, null), n || '@example.com', 0, n,
        1 + (n % 100 = 0), 1, n from numbers`,
    ),
    env.DB.prepare(
      `insert into subscriptions (id, customer_id, status, items, paused, created_at)
      ${numbers} select 'sub_' || n, 'cus_' || n, 'active',
        '[{"product":"Old","productId":"prod_1"}]', 0, n from numbers`,
    ),
  ]);
});

describe.each(Object.entries(CASES))('%s', (_, [work, most]) => {
  it(`reads at most ${most} rows, and scans no large table`, async () => {
    runs.length = 0;
    await work();
    expect(runs).not.toEqual([]);
    let rows = 0;
    for (const { sql, values, rows: read } of runs) {
      rows += read;
      const plan = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...values)
        .all<{ detail: string }>();
      const steps = plan.results.map(({ detail }) => detail);
      const scans = steps.filter((step) => LARGE.test(step) && !isBounded(step, sql));
      expect(scans, sql).toEqual([]);
    }
    expect(rows).toBeLessThanOrEqual(most);
  });
});

/** A partial index holds only what waits; other scans of one end at their limit. */
function isBounded(step: string, sql: string): boolean {
  return SMALL.test(step) || (/customers_due/.test(step) && sql.includes('sync_ticket >'));
}

it('there is a case for each method of each store', () => {
  const methods = Object.entries({ ...stores, operator, imports }).flatMap(([store, { ...all }]) =>
    Object.keys(all).map((method) => `${store}.${method}`),
  );
  const covered = new Set([...Object.keys(CASES), ...COUNTS].map((name) => name.split(' ')[0]));
  expect(covered).toEqual(new Set(methods));
});
