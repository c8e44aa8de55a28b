import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import type { CloudflareAccount, Database } from './account.ts';
import { refuse, succeed } from './answers.ts';

/** D1, by SQLite itself. */
export function databases(account: CloudflareAccount): Hono {
  const find = (idOrName = '') =>
    account.databases.get(idOrName) ??
    [...account.databases.values()].find(({ uuid }) => uuid === idOrName);
  const shown = ({ name, uuid }: Database) => ({
    name,
    uuid,
    version: 'production',
    created_at: '2026-11-23T00:00:00Z',
  });
  return new Hono()
    .get('/', (c) => {
      const all = [...account.databases.values()].map(shown);
      const name = c.req.query('name');
      const found = all.filter((database) => !name || database.name === name);
      return succeed(c, found, {
        page: 1,
        per_page: 10,
        count: found.length,
        total_count: found.length,
      });
    })
    .post('/', async (c) => {
      const { name }: { name: string } = await c.req.json();
      if (account.databases.has(name))
        return refuse(c, 400, 7502, `database with name '${name}' already exists`);
      const database = { name, uuid: randomUUID(), sqlite: new DatabaseSync(':memory:') };
      account.databases.set(name, database);
      return succeed(c, shown(database));
    })
    .get('/:id', (c) => {
      const database = find(c.req.param('id'));
      return database
        ? succeed(c, shown(database))
        : refuse(c, 404, 7404, 'The database could not be found');
    })
    .post('/:id/query', async (c) => {
      const database = find(c.req.param('id'));
      if (!database) return refuse(c, 404, 7404, 'The database could not be found');
      const { sql }: { sql: string } = await c.req.json();
      try {
        return succeed(c, run(database.sqlite, sql));
      } catch (error) {
        return refuse(c, 400, 7500, `${(error as Error).message}: SQLITE_ERROR`);
      }
    });
}

/** D1 answers each statement for itself. */
function run(sqlite: DatabaseSync, sql: string) {
  const statements = sql
    .split(/;\s*(?:\n|$)/)
    .map((each) => each.trim())
    .filter((each) => each.replaceAll(/--.*/g, '').trim() !== '');
  return statements.map((statement) => {
    const results = /^\s*(?:select|pragma|with)/i.test(statement)
      ? sqlite.prepare(statement).all()
      : (sqlite.exec(statement), []);
    return {
      success: true,
      results,
      meta: { duration: 1, changes: 0, rows_read: results.length, rows_written: 0 },
    };
  });
}
