import { sql, type SQL } from 'drizzle-orm';
import { createRunner, writeOnce, type OnStatement } from '../customers/database.ts';
import type { Principal } from '../identity/principal.ts';

export type LinkStore = ReturnType<typeof createLinkStore>;

/** What has been revoked for a principal, by whatever name. */
export type Revocation = {
  /** Links signed up to then are revoked. Unix seconds; 0 if none are. */
  until: number;
  /** Whether mails with links have to wait until the operator allows them again. */
  mailIsStopped: boolean;
};

/** Revocations of signed links. All methods throw BillingError `database_unavailable`. */
export function createLinkStore(database: D1Database, onStatement?: OnStatement) {
  const { read, readAt, write } = createRunner(database, onStatement);
  return {
    /** Asks the primary: a replica may not know yet what was revoked a moment ago. */
    async revocationOf(principal: Principal): Promise<Revocation> {
      const [row] = await readAt<{ until: number; stops: number }>('primary', (connection) =>
        'subject' in principal
          ? ofSubject(connection, principal.subject)
          : ofCustomers(connection, JSON.stringify(principal.customers)),
      );
      return { until: row?.until ?? 0, mailIsStopped: (row?.stops ?? 0) > 0 };
    },

    /** Revokes the links signed so far, and stops mails with links until `allowMail`. */
    revoke: async (principal: Principal) => write(revocation(principal)),

    /** Allows mails again that a revocation by this very name has stopped. */
    allowMail: async (principal: Principal) => write(permission(principal)),

    /** Those of the customers that mails with links may go to. */
    async mailable(customers: string[]): Promise<string[]> {
      const rows = await read<{ id: string }>(mailable(JSON.stringify(customers)));
      return rows.map(({ id }) => id);
    },
  };
}

// `cross join` keeps the order: SQLite would rather scan all revocations than look each name up.
const revocationsOf = (names: SQL) =>
  writeOnce(sql`
    select coalesce(max(not_before), 0) as until, count(mail_stopped_at) as stops
    from (${names}) as named cross join link_revocations as revoked
      on revoked.kind = named.kind and revoked.id = named.id`);

// A subject's links open its customers, so revoking one of those ends them.
const ofSubject = revocationsOf(sql`
  select 'subject' as kind, ?1 as id
  union all select 'customer', id from customers where subject = ?1`);

const ofCustomers = revocationsOf(sql`
  select 'customer' as kind, value as id from json_each(?1)
  union all select 'subject', subject from customers
    where id in (select value from json_each(?1)) and subject is not null`);

const namesIn = (principal: Principal) =>
  'subject' in principal
    ? sql`select 'subject' as kind, ${principal.subject} as id`
    : sql`select 'customer' as kind, value as id from json_each(${JSON.stringify(principal.customers)})`;

/**
 * Revokes by the database's clock, and a minute longer: the clock that signed may be ahead. A
 * subject's customers of today are noted, too: they may be another's tomorrow.
 */
function revocation(principal: Principal): SQL {
  const customersOf =
    'subject' in principal
      ? sql`union all select 'customer', id, null from customers where subject = ${principal.subject}`
      : sql``;
  return sql`
    insert into link_revocations (kind, id, not_before, mail_stopped_at)
    select kind, id, unixepoch() + 60, stopped_at
    from (select kind, id, unixepoch() as stopped_at from (${namesIn(principal)}) ${customersOf})
    where true
    on conflict (kind, id) do update set
      not_before = max(not_before, excluded.not_before),
      mail_stopped_at = coalesce(mail_stopped_at, excluded.mail_stopped_at)`;
}

const permission = (principal: Principal) => sql`
  update link_revocations set mail_stopped_at = null
  where (kind, id) in (${namesIn(principal)})`;

const isStopped = (kind: 'subject' | 'customer', id: SQL) => sql`exists (
    select 1 from link_revocations
    where kind = ${kind} and id = ${id} and mail_stopped_at is not null)`;

const mailable = (customers: string) => sql`
  select given.value as id from json_each(${customers}) as given
  where not ${isStopped('customer', sql`given.value`)}
    and not ${isStopped('subject', sql`(select subject from customers where id = given.value)`)}
  order by given.key`;
