import { and, asc, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { BillingError } from '../errors.ts';
import { customers } from './schema.ts';

export type Customer = { id: string; email: string | null; name: string | null };

/** Nearest: any replica, however old. Primary: what has been written, always. */
export type Consistency = 'nearest' | 'primary';

export type CustomerStore = ReturnType<typeof createCustomerStore>;

/**
 * Every SQL statement of the project. All methods throw BillingError `database_unavailable`.
 */
export function createCustomerStore(database: D1Database) {
  /** Customers of one mode that are not deleted, the oldest first. */
  async function findBySubject(
    subject: string,
    livemode: boolean,
    consistency: Consistency,
  ): Promise<Customer[]> {
    return guarded(
      openSession(database, consistency)
        .select({ id: customers.id, email: customers.email, name: customers.name })
        .from(customers)
        .where(
          and(
            eq(customers.subject, subject),
            eq(customers.livemode, livemode),
            isNull(customers.deletedAt),
          ),
        )
        .orderBy(asc(customers.createdAt), asc(customers.id)),
    );
  }

  /** Once deleted at Stripe a customer stays so: the first time is kept. */
  async function markDeleted(id: string, now: Date): Promise<void> {
    await guarded(
      drizzle(database)
        .update(customers)
        .set({ deletedAt: Math.floor(now.getTime() / 1000) })
        .where(and(eq(customers.id, id), isNull(customers.deletedAt))),
    );
  }

  async function save(row: typeof customers.$inferInsert): Promise<void> {
    await guarded(
      drizzle(database)
        .insert(customers)
        .values(row)
        .onConflictDoUpdate({ target: customers.id, set: row }),
    );
  }

  /** Whether the database answers and its migrations have been applied. */
  async function check(): Promise<void> {
    await guarded(drizzle(database).select({ id: customers.id }).from(customers).limit(1));
  }

  return { findBySubject, markDeleted, save, check };
}

function openSession(database: D1Database, consistency: Consistency) {
  const session = database.withSession(
    consistency === 'primary' ? 'first-primary' : 'first-unconstrained',
  );
  // Drizzle 0.45 types only whole databases, but calls nothing besides prepare and batch.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return drizzle(session as Pick<D1Database, 'prepare' | 'batch'> as D1Database);
}

/** Drizzle's own message holds the bound parameters, so D1's message below it is taken. */
async function guarded<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    throw new BillingError(
      'database_unavailable',
      cause instanceof Error ? cause.message : 'D1 did not answer.',
      { remedy: 'Apply the migrations: `wrangler d1 migrations apply DB` (--local or --remote).' },
    );
  }
}
