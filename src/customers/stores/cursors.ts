import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';

/** The lists of Stripe that the cron job walks. */
export type List = 'events' | 'customers' | 'checkouts';

/** How far each walk has come. A list without a cursor has not been begun. */
export type Cursors = ReadonlyMap<string, string>;

export type CursorStore = ReturnType<typeof createCursorStore>;

const suffix = (livemode: boolean) => (livemode ? ':live' : ':test');

/** Cursors of one mode. All methods throw BillingError `database_unavailable`. */
export function createCursorStore(database: D1Database, onStatement?: OnStatement) {
  const { read, transact } = createRunner(database, onStatement);
  return {
    async read(livemode: boolean): Promise<Cursors> {
      const ending = suffix(livemode);
      const rows = await read<{ name: string; value: string }>(
        sql`select name, value from cursors`,
      );
      const ours = rows.filter(({ name }) => name.endsWith(ending));
      return new Map(ours.map(({ name, value }) => [name.slice(0, -ending.length), value]));
    },

    /** Moves all of them or none. */
    move: async (values: readonly [list: List, value: string][], livemode: boolean) =>
      transact(values.map(([list, value]) => moveCursor(list, value, livemode))),
  };
}

/** The statement alone, for a transaction that also writes what the cursor stands for. */
export function moveCursor(list: List, value: string, livemode: boolean): SQL {
  return sql`
    insert into cursors (name, value) values (${`${list}${suffix(livemode)}`}, ${value})
    on conflict (name) do update set value = excluded.value`;
}
