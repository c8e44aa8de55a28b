import { sql } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';
import { EVIDENCE } from '../mapping.ts';

/** A customer that something on one of Stripe's lists gives to a subject. */
export type Reference = { id: string; subject: string };

/**
 * Maps customers by what the first fill comes by, whether D1 has read them yet or not. Of several
 * references to one customer, the first counts. All methods throw BillingError
 * `database_unavailable`.
 */
export function createListedStore(database: D1Database, onStatement?: OnStatement) {
  const { write } = createRunner(database, onStatement);
  return {
    mapByCheckouts: async (references: Reference[], livemode: boolean) =>
      write(sql`
        ${rowsOf(references, livemode, EVIDENCE.checkout)}
          subject = excluded.subject, evidence = excluded.evidence
        where ${isNobody} and deleted_at is null and not conflict`),

    /**
     * A subscription outranks a checkout. Where two of them name two subjects, nobody is mapped
     * until a sync has read all that the customer has.
     */
    mapBySubscriptions: async (references: Reference[], livemode: boolean, now: Date) =>
      write(sql`
        ${rowsOf(references, livemode, EVIDENCE.listed)}
          subject = iif(${isDisputed}, null, excluded.subject),
          evidence = iif(${isDisputed}, null, excluded.evidence),
          sync_ticket = sync_ticket + ${isDisputed},
          due_at = iif(${isDisputed}, ${Math.floor(now.getTime() / 1000)}, due_at)
        where deleted_at is null and (${isDisputed} or customers.evidence <= ${EVIDENCE.checkout}
          or (${isNobody} and not conflict and sync_ticket <= synced_ticket))`),
  };
}

const rowsOf = (references: Reference[], livemode: boolean, evidence: number) => sql`
  insert into customers (id, livemode, created_at, subject, evidence)
  select value ->> 'id', ${Number(livemode)}, 0, value ->> 'subject', ${evidence}
  from json_each(${JSON.stringify(references)}) where true
  on conflict (id) do update set`;

// An operator who unmaps a customer leaves evidence without a subject.
const isNobody = sql`coalesce(customers.subject, customers.evidence) is null`;

const isDisputed = sql`(customers.subject is not null and customers.evidence = ${EVIDENCE.listed}
  and customers.subject <> excluded.subject)`;
