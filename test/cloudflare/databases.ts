import type { DatabaseSync } from 'node:sqlite';
import { Hono } from 'hono';
import * as v from 'valibot';
import type { CloudflareAccount, Database } from './account.ts';
import { refuse, succeed } from './answers.ts';
import { timeTravel } from './time-travel.ts';

/** D1's API, with SQLite itself behind it. */
export function databases(account: CloudflareAccount): Hono {
  const find = (id: string) => [...account.databases.values()].find(({ uuid }) => uuid === id);
  const shown = ({ name, uuid }: Database) => ({
    name,
    uuid,
    version: 'production',
    created_at: '2026-11-23T00:00:00Z',
  });
  return (
    new Hono()
      .get('/', (c) => {
        const all = [...account.databases.values()].map(shown);
        const name = c.req.query('name');
        // Cloudflare finds names that contain the text, too.
        const found = all.filter((database) => !name || database.name.includes(name));
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
        return succeed(c, shown(account.createDatabase(name)));
      })
      // By name as well: wrangler asks so when wrangler.toml has no id.
      .get('/:id', (c) => {
        const id = c.req.param('id');
        const database = find(id) ?? account.databases.get(id);
        return database
          ? succeed(c, shown(database))
          : refuse(c, 404, 7404, 'The database could not be found');
      })
      .delete('/:id', (c) => {
        const database = find(c.req.param('id'));
        if (!database) return refuse(c, 404, 7404, 'The database could not be found');
        account.databases.delete(database.name);
        return succeed(c, null);
      })
      .route('/', timeTravel(find))
      .post('/:id/query', async (c) => {
        const database = find(c.req.param('id'));
        if (!database) return refuse(c, 404, 7404, 'The database could not be found');
        const body = v.safeParse(request, await c.req.json().catch(() => null));
        if (!body.success) return refuse(c, 400, 7400, 'The request is malformed');
        const queries = 'batch' in body.output ? body.output.batch : [body.output];
        try {
          return succeed(c, await database.inTurn(() => inTransaction(database.sqlite, queries)));
        } catch (error) {
          return refuse(c, 400, 7500, `${(error as Error).message}: SQLITE_ERROR`);
        }
      })
  );
}

// The reference knows strings only: numbers are bound as text, which the commands must bear.
const parameter = v.nullable(v.pipe(v.union([v.string(), v.number()]), v.transform(String)));
const query = v.strictObject({ sql: v.string(), params: v.optional(v.array(parameter), []) });
const request = v.union([query, v.strictObject({ batch: v.pipe(v.array(query), v.minLength(1)) })]);

type Query = v.InferOutput<typeof query>;

/** All statements of a request succeed, or none has an effect. */
function inTransaction(sqlite: DatabaseSync, queries: Query[]) {
  sqlite.exec('begin');
  try {
    const results = queries.flatMap((each) => run(sqlite, each));
    sqlite.exec('commit');
    return results;
  } catch (error) {
    sqlite.exec('rollback');
    throw error;
  }
}

/** D1 answers each statement of a text for itself; only a single one can have parameters. */
function run(sqlite: DatabaseSync, { sql, params }: Query) {
  const statements = sql
    .replaceAll(/--.*/g, '')
    .split(/;\s*(?:\n|$)/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  if (params.length > 0 && statements.length !== 1) throw new Error('too many statements');
  return statements.map((statement) => {
    const prepared = sqlite.prepare(statement);
    // SQLite itself binds null to what it is not given.
    const places = [...statement.replaceAll(/'[^']*'|"[^"]*"/g, '').matchAll(/\?(\d*)/g)];
    const expected = Math.max(0, ...places.map(([, number], index) => Number(number || index + 1)));
    if (expected !== params.length) throw new Error('Wrong number of parameter bindings');
    const isQuery = prepared.columns().length > 0;
    const results = isQuery ? prepared.all(...params) : [];
    const changes = isQuery ? 0 : Number(prepared.run(...params).changes);
    return {
      success: true,
      results,
      meta: {
        served_by: 'v3-prod',
        duration: 0.2,
        changes,
        last_row_id: 0,
        changed_db: changes > 0,
        size_after: 8192,
        rows_read: results.length,
        rows_written: changes,
      },
    };
  });
}
