import { sql } from 'drizzle-orm';
import { createRunner } from '../database.ts';
import { EVIDENCE } from '../mapping.ts';
import { clearCursors, createCursorStore, moveCursor } from './cursors.ts';

/** How many customers of one mode D1 has. */
export type Overview = { customers: number; mapped: number; unsynced: number; conflicts: number };

/** What D1 knows of one customer, and of the mapping (mapping.ts). Times are Unix seconds. */
export type CustomerRecord = {
  subject: string | null;
  evidence: number | null;
  email: string | null;
  name: string | null;
  deletedAt: number | null;
  syncedAt: number | null;
  /** Since when a sync waits; null if none does. */
  waitsSince: number | null;
  /** False while D1 has only the mapping, which the first fill came by. */
  isRead: boolean;
};

/** Where wrangler notes what it has applied, unless the configuration names a migrations_table. */
export const MIGRATIONS_TABLE = 'd1_migrations';

export type OperatorStore = ReturnType<typeof createOperatorStore>;

/** What the operator's commands ask. All methods throw BillingError `database_unavailable`. */
export function createOperatorStore(database: D1Database, migrationsTable = MIGRATIONS_TABLE) {
  const { read, transact } = createRunner(database);
  const cursors = createCursorStore(database);
  return {
    /** The names of all tables but SQLite's, D1's and wrangler's own. */
    async tables(): Promise<string[]> {
      const rows = await read<{ name: string }>(sql`
        select name from sqlite_master
        where type = 'table' and name not glob 'sqlite_*' and name not glob 'd1_*'
          and name not glob '_cf_*' and name <> ${migrationsTable}
        order by name`);
      return rows.map(({ name }) => name);
    },

    /** The migrations that wrangler has applied, the latest last; none in a new database. */
    async appliedMigrations(): Promise<{ name: string; appliedAt: Date }[]> {
      const tables = await read(
        sql`select name from sqlite_master where name = ${migrationsTable}`,
      );
      if (tables.length === 0) return [];
      const rows = await read<{ name: string; appliedAt: string }>(
        sql`select name, applied_at as appliedAt from ${quoted(migrationsTable)} order by id`,
      );
      // SQLite's current_timestamp is UTC without saying so.
      return rows.map(({ name, appliedAt }) => ({
        name,
        appliedAt: new Date(`${appliedAt.replace(' ', 'T')}Z`),
      }));
    },

    /**
     * How many customers of this mode D1 has, with a subject, with a sync to finish, and with
     * subscriptions that name several subjects.
     */
    async overview(livemode: boolean) {
      const [row] = await read<Overview>(sql`
        select count(*) as customers, count(subject) as mapped,
          coalesce(sum(sync_ticket > synced_ticket), 0) as unsynced,
          coalesce(sum(${isConflicting}), 0) as conflicts
        from customers where deleted_at is null and livemode = ${Number(livemode)}`);
      return row ?? { customers: 0, mapped: 0, unsynced: 0, conflicts: 0 };
    },

    /** How many customers each evidence maps; null stands for those that are mapped to nobody. */
    countByEvidence: async (livemode: boolean) =>
      read<{ evidence: number | null; customers: number }>(sql`
        select iif(subject is null, null, coalesce(evidence, ${EVIDENCE.unknown})) as evidence,
          count(*) as customers
        from customers where deleted_at is null and livemode = ${Number(livemode)} group by 1`),

    /** The ids of customers whose subscriptions name several subjects. */
    async conflicts(livemode: boolean, limit: number): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        select id from customers
        where ${isConflicting} and deleted_at is null and livemode = ${Number(livemode)}
        order by id limit ${limit}`);
      return rows.map(({ id }) => id);
    },

    /** The Stripe account that the rows of this mode are of; undefined where nobody noted it. */
    account: async (livemode: boolean) => (await cursors.read(livemode)).get('account'),

    noteAccount: async (account: string, livemode: boolean) =>
      cursors.move([['account', account]], livemode),

    /** The ids of some customers that were read at Stripe, and not deleted since. */
    async sample(livemode: boolean, limit: number): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        select id from customers
        where livemode = ${Number(livemode)} and deleted_at is null and synced_ticket > 0
        order by id limit ${limit}`);
      return rows.map(({ id }) => id);
    },

    /**
     * Notes another Stripe account, and forgets how far all walks have come: the next run of the
     * cron job, or of the fill, begins anew. The rows stay until syncs find them gone.
     */
    beginWithAccount: async (account: string, livemode: boolean) =>
      transact([clearCursors(livemode), moveCursor(['account', account], livemode)]),

    async record(id: string): Promise<CustomerRecord | undefined> {
      const [row] = await read<Omit<CustomerRecord, 'isRead'> & { isRead: 0 | 1 }>(sql`
        select subject, evidence, email, name, deleted_at as deletedAt, synced_at as syncedAt,
          iif(sync_ticket > synced_ticket, due_at, null) as waitsSince,
          synced_ticket > 0 as isRead
        from customers where id = ${id}`);
      return row && { ...row, isRead: row.isRead === 1 };
    },

    /**
     * Gives a customer to a subject, or to nobody, by an operator's word: no sync changes that.
     * False if D1 has no such customer, or has marked it as deleted.
     */
    async map(id: string, subject: string | null, livemode: boolean): Promise<boolean> {
      const rows = await read(sql`
        update customers set subject = ${subject}, evidence = ${EVIDENCE.operator}, conflict = 0
        where id = ${id} and livemode = ${Number(livemode)} and deleted_at is null
        returning id`);
      return rows.length > 0;
    },

    /** What D1 knows of one customer; `mapped` is one that has a subject. */
    async customer(id: string): Promise<'unknown' | 'unmapped' | 'mapped' | 'deleted'> {
      const [row] = await read<{ mapped: 0 | 1; deleted: 0 | 1 }>(sql`
        select subject is not null as mapped, deleted_at is not null as deleted
        from customers where id = ${id}`);
      if (!row) return 'unknown';
      if (row.deleted === 1) return 'deleted';
      return row.mapped === 1 ? 'mapped' : 'unmapped';
    },
  };
}

// SQLite reads a quotation mark within a name where it is written twice.
const quoted = (name: string) => sql.identifier(name.replaceAll('"', '""'));

// An operator's word has settled the others.
const isConflicting = sql`(conflict and coalesce(evidence, 0) <> ${EVIDENCE.operator})`;
