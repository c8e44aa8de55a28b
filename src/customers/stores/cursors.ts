import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';

/** Lists of Stripe that are walked; products to rename; what the last run left; whose rows; a file. */
export type List =
  | 'events'
  | 'customers'
  | 'checkouts'
  | 'subscriptions'
  | 'renames'
  | 'backlog'
  | 'account'
  | 'import';

export type Move = readonly [list: List, value: string];

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
    move: async (values: readonly Move[], livemode: boolean) =>
      transact(values.map((move) => moveCursor(move, livemode))),

    /** Moves a cursor on from where it was. False if another has moved it meanwhile. */
    async advance(list: List, from: string | undefined, to: string, livemode: boolean) {
      const rows = await read(sql`
        ${moveCursor([list, to], livemode)} where value is ${from ?? null} returning name`);
      return rows.length > 0;
    },
  };
}

/** The statement alone, for a transaction that also writes what the cursor stands for. */
export function moveCursor([list, value]: Move, livemode: boolean): SQL {
  return sql`
    insert into cursors (name, value) values (${`${list}${suffix(livemode)}`}, ${value})
    on conflict (name) do update set value = excluded.value`;
}

/** Forgets all cursors of this mode. */
export const clearCursors = (livemode: boolean): SQL =>
  sql`delete from cursors where name glob ${`*${suffix(livemode)}`}`;
