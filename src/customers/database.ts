import { fillPlaceholders, type Query, type SQL } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { BillingError } from '../errors/billing-error.ts';
import { measure } from '../telemetry/trace.ts';

/** Nearest: any replica, however old. Primary: what has been written, always. */
export type Consistency = 'nearest' | 'primary';

/** Called for each statement that goes to D1: invocations have a budget of them. */
export type OnStatement = () => void;

// https://developers.cloudflare.com/d1/observability/debug-d1/#error-list
const WORTH_ONE_MORE_TRY =
  /Network connection lost|storage caused object to be reset|reset because its code was updated|Cannot resolve D1 DB due to transient issue/;
const PAUSE_MILLISECONDS = { least: 20, most: 120 };

/** What a database of D1 and its sessions have in common. */
type Connection = Pick<D1Database, 'prepare'>;

// Drizzle writes the SQL and D1's own binding runs it. Drizzle's driver would bring query builders
// that nothing here needs (12 kB gzipped), and write each statement anew for each visitor: a
// third of a redirect's own time. What `toQuery` takes is Drizzle's own affair: check it when
// Drizzle is upgraded.
const SQLITE: Parameters<SQL['toQuery']>[0] = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: () => '?',
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
};

export function openSession(database: D1Database, consistency: Consistency): Connection {
  return database.withSession(consistency === 'primary' ? 'first-primary' : 'first-unconstrained');
}

/** A statement that is ready to run. */
export function bind(connection: Connection, statement: SQL): D1PreparedStatement {
  const { sql, params } = statement.toQuery(SQLITE);
  return connection.prepare(sql).bind(...params);
}

/** Writes a statement once, for what every visit runs: each run has values for its placeholders. */
export function writeOnce(statement: SQL) {
  let query: Query | undefined;
  return (connection: Connection, values: Record<string, unknown>): D1PreparedStatement => {
    query ??= statement.toQuery(SQLITE);
    return connection.prepare(query.sql).bind(...fillPlaceholders(query.params, values));
  };
}

/**
 * A statement with its values in it, for a tool that binds none. Each text becomes the hex of
 * its bytes: no character of it can end a quote, a statement or a line. The statement itself has
 * no question mark but for its values.
 */
export function spelledOut(statement: SQL): string {
  const { sql: text, params } = statement.toQuery(SQLITE);
  const values = params[Symbol.iterator]();
  return text.replaceAll(/\s+/g, ' ').replaceAll('?', () => literal(values.next().value));
}

function literal(value: unknown): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') throw new TypeError('Only texts and whole numbers are known.');
  const bytes = [...new TextEncoder().encode(value)];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `cast(x'${hex}' as text)`;
}

/**
 * Runs an idempotent query, once more if D1 stumbled. D1's messages hold no bound values.
 *
 * @throws BillingError `database_unavailable`
 */
export async function guarded<T>(run: () => Promise<T>): Promise<T> {
  return measure('database', async () => twice(run));
}

async function twice<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!WORTH_ONE_MORE_TRY.test(String(error))) throw unavailable(error);
  }
  await pause();
  try {
    return await run();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): BillingError {
  const reason = error instanceof Error ? error.message : '';
  return new BillingError('database_unavailable', reason || 'D1 did not answer.', {
    remedy: 'Apply the migrations: `wrangler d1 migrations apply DB` (--local or --remote).',
  });
}

/** Callers that stumbled together must not come back together. */
async function pause(): Promise<void> {
  const { least, most } = PAUSE_MILLISECONDS;
  await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
}
