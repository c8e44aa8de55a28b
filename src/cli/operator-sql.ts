import { sql, type SQL } from 'drizzle-orm';
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core';
import type { Principal } from '../identity/principal.ts';
import { revocation } from '../links/store.ts';

const dialect = new SQLiteSyncDialect();

/**
 * A statement with its values in it, for a tool that binds none. Each text becomes the hex of
 * its bytes: no character of it can end a quote, a statement or a line.
 */
function spelledOut(statement: SQL): string {
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

/** What the operator's commands ask through `wrangler d1 execute`, which binds no parameters. */
export const operatorSql = {
  revocation: (principal: Principal, now: Date) =>
    spelledOut(revocation(principal, Math.floor(now.getTime() / 1000))),
  appliedMigrations: 'select name, applied_at as appliedAt from d1_migrations order by id',
  overview: (livemode: boolean) => `
    select
      count(*) as customers, count(subject) as mapped,
      coalesce(sum(sync_ticket > synced_ticket), 0) as unsynced,
      (select json_group_object(replace(name, ':${livemode ? 'live' : 'test'}', ''), value)
        from cursors where name like '%:${livemode ? 'live' : 'test'}') as cursors
    from customers where deleted_at is null and livemode = ${livemode ? 1 : 0}`,
  customer: (id: string) =>
    spelledOut(sql`
      select subject is not null as mapped, deleted_at is not null as deleted
      from customers where id = ${id}`),
};
