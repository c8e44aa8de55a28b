import { sql } from 'drizzle-orm';
import { createRunner } from '../database.ts';
import { EVIDENCE } from '../mapping.ts';
import type { Reference } from './listed.ts';

/** What D1 knows of a customer that an operator's file names. */
export type KnownCustomer = {
  id: string;
  subject: string | null;
  evidence: number | null;
  deletedAt: number | null;
};

/** The customers with one address: how many, and the only one if there are no others. */
export type CustomersAt = Omit<KnownCustomer, 'deletedAt'> & { address: string; customers: number };

export type ImportStore = ReturnType<typeof createImportStore>;

/** Maps many customers by an operator's word. All methods throw BillingError `database_unavailable`. */
export function createImportStore(database: D1Database) {
  const { read } = createRunner(database);
  return {
    findByIds: async (ids: string[], livemode: boolean) =>
      read<KnownCustomer>(sql`
        select id, subject, evidence, deleted_at as deletedAt from customers
        where id in (select value from json_each(${JSON.stringify(ids)}))
          and livemode = ${Number(livemode)}`),

    /** @param spellings  in lower case */
    findByAddresses: async (spellings: string[], livemode: boolean) =>
      read<CustomersAt>(sql`
        select lower(email) as address, count(*) as customers, min(id) as id, subject, evidence
        from customers
        where lower(email) in (select value from json_each(${JSON.stringify(spellings)}))
          and livemode = ${Number(livemode)} and deleted_at is null
        group by lower(email)`),

    /**
     * Gives customers to subjects, as `map` of the operator's store does for one.
     *
     * @param replaces  also those that have another subject, or are to be nobody's
     * @returns the ids of those that have their subject now
     */
    async map(references: Reference[], livemode: boolean, replaces: boolean): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        update customers
        set subject = given.value ->> 'subject', evidence = ${EVIDENCE.operator}, conflict = 0
        from json_each(${JSON.stringify(references)}) as given
        where customers.id = given.value ->> 'id' and livemode = ${Number(livemode)}
          and deleted_at is null and (${Number(replaces)}
            or coalesce(subject, evidence) is null or subject = given.value ->> 'subject')
        returning id`);
      return rows.map(({ id }) => id);
    },
  };
}
