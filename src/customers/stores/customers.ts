import { sql, type SQL } from 'drizzle-orm';
import type { Customer, Subscription } from '../customer.ts';
import { createRunner, writeOnce, type Consistency, type OnStatement } from '../database.ts';

export type CustomerStore = ReturnType<typeof createCustomerStore>;

// One query reads a customer with all subscriptions: a visit needs no second one.
const subscriptionsOfCustomer = sql`(
  select json_group_array(json_object(
    'id', subscriptions.id, 'status', status, 'items', json(items), 'cancelAt', cancel_at,
    'currentPeriodEnd', current_period_end, 'trialEnd', trial_end,
    'paused', json(iif(paused, 'true', 'false')), 'resumesAt', resumes_at, 'terms', json(terms)
  ) order by subscriptions.created_at, subscriptions.id)
  from subscriptions where customer_id = customers.id
)`;
const parseSubscriptions = (text: string): Subscription[] => JSON.parse(text);

type CustomerRow = Pick<Customer, 'id' | 'subject' | 'email' | 'name' | 'syncedAt'> & {
  subscriptions: string;
  isSynced: 0 | 1;
  isRead: 0 | 1;
};
const customersWhere = (condition: SQL) =>
  writeOnce(sql`
    select id, subject, email, name, ${subscriptionsOfCustomer} as subscriptions,
      sync_ticket <= synced_ticket as isSynced, synced_ticket > 0 as isRead, synced_at as syncedAt
    from customers
    where ${condition} and livemode = ?2 and deleted_at is null
    order by created_at, id`);
const bySubject = customersWhere(sql`subject = ?1`);
const bySubjects = customersWhere(sql`subject in (select value from json_each(?1))`);
const byIds = customersWhere(sql`id in (select value from json_each(?1))`);

/** Reads customers of one mode. All methods throw BillingError `database_unavailable`. */
export function createCustomerStore(database: D1Database, onStatement?: OnStatement) {
  const { read, readAt } = createRunner(database, onStatement);

  const find = async (
    statement: typeof byIds,
    value: string,
    livemode: boolean,
    consistency: Consistency,
  ): Promise<Customer[]> => {
    const rows = await readAt<CustomerRow>(consistency, (connection) =>
      statement(connection, value, Number(livemode)),
    );
    return rows.map(({ id, subject, email, name, syncedAt, subscriptions, isSynced, isRead }) => ({
      id,
      subject,
      email,
      name,
      syncedAt,
      subscriptions: parseSubscriptions(subscriptions),
      isSynced: isSynced === 1,
      isRead: isRead === 1,
    }));
  };

  return {
    /** Customers that are not deleted, the oldest first. */
    async findBySubjects(subjects: string[], livemode: boolean, consistency: Consistency) {
      const [only, ...others] = subjects;
      // Unpacking a list reads rows of its own, which D1 counts.
      return only !== undefined && others.length === 0
        ? find(bySubject, only, livemode, consistency)
        : find(bySubjects, JSON.stringify(subjects), livemode, consistency);
    },

    findByIds: async (ids: string[], livemode: boolean, consistency: Consistency) =>
      find(byIds, JSON.stringify(ids), livemode, consistency),

    /** Compares addresses without regard to case, as people do. Spellings are in lower case. */
    findByEmail: async (spellings: string[], livemode: boolean, limit: number) =>
      read<Pick<CustomerRow, 'id' | 'email'>>(sql`
        select id, email from customers
        where lower(email) in (select value from json_each(${JSON.stringify(spellings)}))
          and livemode = ${Number(livemode)}
          and deleted_at is null
        order by created_at, id limit ${limit}`),

    async subscriptionsOf(id: string): Promise<Subscription[]> {
      const [row] = await read<Pick<CustomerRow, 'subscriptions'>>(sql`
        select ${subscriptionsOfCustomer} as subscriptions from customers
        where id = ${id}`);
      return row ? parseSubscriptions(row.subscriptions) : [];
    },

    /** Customers of the subject that a sync did not find at Stripe, the latest first. */
    async deletedOf(subject: string, livemode: boolean, limit: number): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        select id from customers
        where subject = ${subject} and livemode = ${Number(livemode)} and deleted_at is not null
        order by deleted_at desc, id limit ${limit}`);
      return rows.map(({ id }) => id);
    },
  };
}
