import type { BuildQueryConfig, SQL } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { BillingError } from '../errors/billing-error.ts';
import { measure } from '../telemetry/trace.ts';

/** `nearest` reads any replica, however old; `primary` reads everything that was written. */
export type Consistency = 'nearest' | 'primary';

/** Called for each statement that goes to D1: an invocation has a budget of them. */
export type OnStatement = () => void;

// https://developers.cloudflare.com/d1/observability/debug-d1/#error-list
const TRANSIENT =
  /Network connection lost|storage caused object to be reset|reset because its code was updated|Cannot resolve D1 DB due to transient issue/;
const PAUSE_MILLISECONDS = { least: 20, most: 120 };

/** What a D1 database and its sessions have in common. */
type Connection = Pick<D1Database, 'prepare'>;

// Drizzle writes the SQL and D1's own binding runs it. Drizzle's driver would write each
// statement again for each visitor: a third of a redirect's own time.
// `SQLiteSyncDialect` calls `toQuery` with these four, and brings 5 KiB of query builders along.
const SYNTAX: BuildQueryConfig = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name}"`,
  escapeParam: () => '?',
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
};

function prepare(connection: Connection, statement: SQL): D1PreparedStatement {
  const { sql, params } = statement.toQuery(SYNTAX);
  return connection.prepare(sql).bind(...params);
}

/** A statement of the hot path: written once per isolate, with its values as `?1`, `?2`, … */
export function writeOnce(statement: SQL) {
  let text: string | undefined;
  return (connection: Connection, ...values: (string | number)[]): D1PreparedStatement => {
    text ??= statement.toQuery(SYNTAX).sql;
    return connection.prepare(text).bind(...values);
  };
}

/** The ways in which stores run statements. All throw BillingError `database_unavailable`. */
export type Runner = {
  read: <Row>(statement: SQL) => Promise<Row[]>;
  /** Reads by a statement of the hot path, from the nearest replica or the primary. */
  readAt: <Row>(
    consistency: Consistency,
    prepared: (connection: Connection) => D1PreparedStatement,
  ) => Promise<Row[]>;
  write: (statement: SQL) => Promise<void>;
  /** All statements or none, in order. */
  transact: (statements: SQL[]) => Promise<void>;
};

export function createRunner(database: D1Database, onStatement: OnStatement = () => {}): Runner {
  const run = async <T>(query: () => Promise<T>, statements = 1): Promise<T> =>
    measure('database', async () =>
      withRetry(async () => {
        for (let counted = 0; counted < statements; counted += 1) onStatement();
        return query();
      }),
    );
  return {
    read: async <Row>(statement: SQL) =>
      (await run(async () => prepare(database, statement).all<Row>())).results,
    readAt: async <Row>(
      consistency: Consistency,
      prepared: (connection: Connection) => D1PreparedStatement,
    ) => (await run(async () => prepared(openSession(database, consistency)).all<Row>())).results,
    write: async (statement) => {
      await run(async () => prepare(database, statement).run());
    },
    transact: async (statements) => {
      const prepared = () => statements.map((statement) => prepare(database, statement));
      await run(async () => database.batch(prepared()), statements.length);
    },
  };
}

function openSession(database: D1Database, consistency: Consistency): Connection {
  return database.withSession(consistency === 'primary' ? 'first-primary' : 'first-unconstrained');
}

/** Runs an idempotent query, and once more after a transient error of D1. */
async function withRetry<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!TRANSIENT.test(String(error))) throw unavailable(error);
  }
  await pause();
  try {
    return await run();
  } catch (error) {
    throw unavailable(error);
  }
}

/** D1's own messages contain no bound values. */
function unavailable(error: unknown): BillingError {
  const reason = error instanceof Error ? error.message : '';
  return new BillingError('database_unavailable', reason || 'D1 did not answer.');
}

/** Jitter: requests that failed together must not retry together. */
async function pause(): Promise<void> {
  const { least, most } = PAUSE_MILLISECONDS;
  await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
}
