import type { SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import { BillingError } from '../errors.ts';

/** Nearest: any replica, however old. Primary: what has been written, always. */
export type Consistency = 'nearest' | 'primary';

/** Called for each statement that goes to D1: invocations have a budget of them. */
export type OnStatement = () => void;

// https://developers.cloudflare.com/d1/observability/debug-d1/#error-list
const WORTH_ONE_MORE_TRY =
  /Network connection lost|storage caused object to be reset|reset because its code was updated|Cannot resolve D1 DB due to transient issue/;
const PAUSE_MILLISECONDS = { least: 20, most: 120 };

export function openSession(database: D1Database, consistency: Consistency) {
  const session = database.withSession(
    consistency === 'primary' ? 'first-primary' : 'first-unconstrained',
  );
  // Drizzle 0.45 types only whole databases, but calls nothing besides prepare and batch.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return drizzle(session as Pick<D1Database, 'prepare' | 'batch'> as D1Database);
}

const dialect = new SQLiteAsyncDialect();

/** One transaction. Drizzle 0.45 cannot put statements written as SQL into a batch of D1. */
export async function transact(database: D1Database, statements: SQL[]): Promise<void> {
  const queries = statements.map((statement) => dialect.sqlToQuery(statement));
  await database.batch(queries.map(({ sql, params }) => database.prepare(sql).bind(...params)));
}

/**
 * A statement with its values in it, for a tool that binds none. Each text becomes the hex of
 * its bytes: no character of it can end a quote, a statement or a line.
 */
export function spelledOut(statement: SQL): string {
  const { sql: text, params } = dialect.sqlToQuery(statement);
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
 * Runs an idempotent query, once more if D1 stumbled. Drizzle's own message holds the bound
 * parameters, so D1's message below it is taken.
 *
 * @throws BillingError `database_unavailable`
 */
export async function guarded<T>(run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!WORTH_ONE_MORE_TRY.test(reasonOf(error))) throw unavailable(error);
  }
  await pause();
  try {
    return await run();
  } catch (error) {
    throw unavailable(error);
  }
}

/** Drizzle wraps single queries and not batches. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return error.name === 'DrizzleQueryError' || error.message.startsWith('Failed query')
    ? reasonOf(error.cause)
    : error.message;
}

function unavailable(error: unknown): BillingError {
  return new BillingError('database_unavailable', reasonOf(error) || 'D1 did not answer.', {
    remedy: 'Apply the migrations: `wrangler d1 migrations apply DB` (--local or --remote).',
  });
}

/** Callers that stumbled together must not come back together. */
async function pause(): Promise<void> {
  const { least, most } = PAUSE_MILLISECONDS;
  await new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
}
