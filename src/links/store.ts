import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../customers/database.ts';
import { linkRevocations } from '../customers/schema.ts';
import type { Principal } from '../identity/principal.ts';

export type LinkStore = ReturnType<typeof createLinkStore>;

/** Revocations of signed links. All methods throw BillingError `database_unavailable`. */
export function createLinkStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write } = createRunner(database, onStatement);
  return {
    /** Links of this principal signed up to then are revoked. Unix seconds; 0 if none are. */
    async revokedUntil(principal: Principal): Promise<number> {
      const [row] = await read<{ until: number }>(revokedUntil(principal));
      return row?.until ?? 0;
    },

    /** Revokes the links of this principal that were signed up to now. */
    revoke: (principal: Principal, now: Date) =>
      write(revocation(principal, Math.floor(now.getTime() / 1000))),
  };
}

/** Revoking a subject's links also ends those of the customers that D1 maps to it. */
function revokedUntil(principal: Principal): SQL {
  const customers = JSON.stringify('subject' in principal ? [] : principal.customers);
  const ids = sql`select value from json_each(${customers})`;
  const subjects =
    'subject' in principal
      ? sql`select ${principal.subject}`
      : sql`select subject from customers where id in (${ids})`;
  return sql`
    select coalesce(max(not_before), 0) as until from ${linkRevocations}
    where (kind = 'subject' and id in (${subjects})) or (kind = 'customer' and id in (${ids}))`;
}

function revocation(principal: Principal, now: number): SQL {
  const rows =
    'subject' in principal
      ? [sql`('subject', ${principal.subject}, ${now})`]
      : principal.customers.map((id) => sql`('customer', ${id}, ${now})`);
  return sql`
    insert into ${linkRevocations} (kind, id, not_before) values ${sql.join(rows, sql`, `)}
    on conflict (kind, id) do update set not_before = excluded.not_before`;
}
