import type { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import { refuse, succeed } from './answers.ts';

type Table = { name: string; sql: string; rows: Record<string, string | number | null>[] };
type Bookmark = { id: string; at: number; tables: Table[] };

type Env = { Variables: { sqlite: DatabaseSync } };

const bookmarks = new WeakMap<DatabaseSync, Bookmark[]>();

/**
 * D1's Time Travel. Real bookmarks are of every moment; here there is one for each time that one
 * was asked for. https://developers.cloudflare.com/d1/reference/time-travel/
 */
export function timeTravel(find: (id: string) => { sqlite: DatabaseSync } | undefined): Hono<Env> {
  return new Hono<Env>()
    .use('/:id/time_travel/*', async (c, next) => {
      const database = find(c.req.param('id') ?? '');
      if (!database) return refuse(c, 404, 7404, 'The database could not be found');
      c.set('sqlite', database.sqlite);
      return next();
    })
    .get('/:id/time_travel/bookmark', (c) => {
      const timestamp = c.req.query('timestamp');
      if (timestamp === undefined) return succeed(c, { bookmark: note(c.get('sqlite')).id });
      const before = (bookmarks.get(c.get('sqlite')) ?? []).findLast(
        ({ at }) => at <= Date.parse(timestamp),
      );
      return before
        ? succeed(c, { bookmark: before.id })
        : refuse(c, 400, 7400, 'There is no bookmark of that time');
    })
    .post('/:id/time_travel/restore', (c) => {
      const sqlite = c.get('sqlite');
      const wanted = bookmarks.get(sqlite)?.find(({ id }) => id === c.req.query('bookmark'));
      if (!wanted) return refuse(c, 400, 7400, 'The bookmark is unknown');
      const previous = note(sqlite).id;
      restore(sqlite, wanted.tables);
      return succeed(c, { bookmark: wanted.id, previous_bookmark: previous, message: 'Restored' });
    });
}

function note(sqlite: DatabaseSync): Bookmark {
  const noted = bookmarks.get(sqlite) ?? [];
  const bookmark = {
    id: `0000000${noted.length}-00000000-00004c6d-8e61117bf38d7adb71b934ebbf891683`,
    at: Date.now(),
    tables: tablesOf(sqlite).map(({ name, sql }) => ({
      name,
      sql,
      rows: sqlite.prepare(`select * from "${name}"`).all() as Table['rows'],
    })),
  };
  bookmarks.set(sqlite, [...noted, bookmark]);
  return bookmark;
}

const tablesOf = (sqlite: DatabaseSync) =>
  sqlite
    .prepare(
      `select name, sql from sqlite_master where type = 'table' and name not glob 'sqlite_*'`,
    )
    .all() as { name: string; sql: string }[];

/** Indexes stay away: nothing that is asked afterwards depends on them. */
function restore(sqlite: DatabaseSync, tables: Table[]): void {
  sqlite.exec('pragma foreign_keys = off');
  for (const { name } of tablesOf(sqlite)) sqlite.exec(`drop table "${name}"`);
  for (const { name, sql, rows } of tables) {
    sqlite.exec(sql);
    for (const row of rows) {
      const columns = Object.keys(row);
      const places = columns.map(() => '?').join();
      sqlite
        .prepare(
          `insert into "${name}" (${columns.map((each) => `"${each}"`).join()}) values (${places})`,
        )
        .run(...Object.values(row));
    }
  }
  sqlite.exec('pragma foreign_keys = on');
}
