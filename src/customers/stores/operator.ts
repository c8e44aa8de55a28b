import { sql } from 'drizzle-orm';
import { createRunner } from '../database.ts';
import { clearCursors, createCursorStore, moveCursor } from './cursors.ts';

type Overview = { customers: number; mapped: number; unsynced: number; conflicts: number };

export type OperatorStore = ReturnType<typeof createOperatorStore>;

/** What the operator's commands ask. All methods throw BillingError `database_unavailable`. */
export function createOperatorStore(database: D1Database) {
  const { read, transact } = createRunner(database);
  const cursors = createCursorStore(database);
  return {
    /** The migrations that wrangler has applied, the latest last; none in a new database. */
    async appliedMigrations(): Promise<{ name: string; appliedAt: Date }[]> {
      const tables = await read(sql`select name from sqlite_master where name = 'd1_migrations'`);
      if (tables.length === 0) return [];
      const rows = await read<{ name: string; appliedAt: string }>(
        sql`select name, applied_at as appliedAt from d1_migrations order by id`,
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
          coalesce(sum(conflict), 0) as conflicts
        from customers where deleted_at is null and livemode = ${Number(livemode)}`);
      return row ?? { customers: 0, mapped: 0, unsynced: 0, conflicts: 0 };
    },

    /** The Stripe account that the rows of this mode are of; undefined where nobody noted it. */
    account: async (livemode: boolean) => (await cursors.read(livemode)).get('account'),

    noteAccount: async (account: string, livemode: boolean) =>
      cursors.move([['account', account]], livemode),

    /**
     * Notes another Stripe account, and forgets how far all walks have come: the next run of the
     * cron job, or of the fill, begins anew. The rows stay until syncs find them gone.
     */
    beginWithAccount: async (account: string, livemode: boolean) =>
      transact([clearCursors(livemode), moveCursor(['account', account], livemode)]),

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
