import * as v from 'valibot';
import { CloudflareRefusal, type CloudflareApi } from '../cloudflare/api.ts';
import { withNumbers, type Query } from './numbers.ts';

type Row = Record<string, unknown>;
type Send = (queries: Query[]) => Promise<Answer[]>;
type Answer = v.InferOutput<typeof answer>;

const count = v.optional(v.number(), 0);
const answer = v.object({
  results: v.array(v.record(v.string(), v.unknown())),
  meta: v.object({
    duration: count,
    size_after: count,
    rows_read: count,
    rows_written: count,
    last_row_id: count,
    changes: count,
    changed_db: v.optional(v.boolean(), false),
  }),
});

/**
 * A D1 at Cloudflare as the Worker's own stores use it, over the query API. Every statement goes
 * to the primary. https://developers.cloudflare.com/api/resources/d1/subresources/database/methods/query
 */
export function createRemoteDatabase(api: CloudflareApi, id: string): D1Database {
  const send: Send = async (queries) => {
    try {
      const [first, ...others] = queries.map(withNumbers);
      const body = others.length === 0 ? first : { batch: [first, ...others] };
      return await api(`/d1/database/${id}/query`, v.array(answer), body);
    } catch (error) {
      // As the binding reports a statement that fails.
      if (error instanceof CloudflareRefusal && error.status === 400) {
        throw new Error(`D1_ERROR: ${error.message}`, { cause: error });
      }
      throw error;
    }
  };
  const prepare = (sql: string) => new RemoteStatement(send, { sql, params: [] });
  const batch = async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
    const answers = await send(statements.map(queryOf));
    return answers.map((each) => resultOf<T>(each));
  };
  return {
    prepare,
    batch,
    withSession: () => ({ prepare, batch, getBookmark: () => null }),
    async exec(sql) {
      const answers = await send([{ sql, params: [] }]);
      const duration = answers.reduce((sum, { meta }) => sum + meta.duration, 0);
      return { count: answers.length, duration };
    },
    async dump() {
      throw new Error('Cloudflare’s query API has no dump.');
    },
  };
}

class RemoteStatement implements D1PreparedStatement {
  readonly #send: Send;
  readonly query: Query;

  constructor(send: Send, query: Query) {
    this.#send = send;
    this.query = query;
  }

  bind(...params: unknown[]): RemoteStatement {
    return new RemoteStatement(this.#send, { ...this.query, params });
  }

  async all<T = Row>(): Promise<D1Result<T>> {
    const [first] = await this.#send([this.query]);
    if (!first) throw new Error('D1_ERROR: Cloudflare returned no result.');
    return resultOf<T>(first);
  }

  async run<T = Row>(): Promise<D1Result<T>> {
    return this.all<T>();
  }

  async first<T = Row>(column?: string): Promise<T | null> {
    const { results } = await this.all();
    const [row] = results;
    if (row === undefined) return null;
    return v.parse(v.custom<T>(anything), column === undefined ? row : row[column]);
  }

  raw<T = unknown[]>(options: { columnNames: true }): Promise<[string[], ...T[]]>;
  raw<T = unknown[]>(options?: { columnNames?: false }): Promise<T[]>;
  async raw<T = unknown[]>(options?: { columnNames?: boolean }): Promise<T[] | [string[], ...T[]]> {
    const { results } = await this.all();
    const rows = results.map((row) => v.parse(v.custom<T>(anything), Object.values(row)));
    return options?.columnNames ? [Object.keys(results[0] ?? {}), ...rows] : rows;
  }
}

function queryOf(statement: D1PreparedStatement): Query {
  if (statement instanceof RemoteStatement) return statement.query;
  throw new TypeError('A batch takes statements of the same database.');
}

function resultOf<T>({ results, meta }: Answer): D1Result<T> {
  return { success: true, results: v.parse(v.array(v.custom<T>(anything)), results), meta };
}

// D1's types let the caller say what a statement returns; nothing here can check it.
const anything = () => true;
