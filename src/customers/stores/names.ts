import { sql } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';

/** Renames products in subscriptions. All methods throw BillingError `database_unavailable`. */
export function createNameStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write } = createRunner(database, onStatement);
  return {
    /**
     * Renames within so many subscriptions after this one.
     *
     * @param names  by product id
     * @returns the last subscription that was looked at; null if that was the last of all
     */
    async rename(names: Record<string, string>, after: string, most: number) {
      const [page] = await read<{ last: string | null; rows: number }>(sql`
        select max(id) as last, count(*) as rows from (
          select id from subscriptions where id > ${after} order by id limit ${most})`);
      const last = page?.last ?? null;
      if (last === null) return null;
      const given = JSON.stringify(names);
      await write(sql`
        update subscriptions set items = (
          select json_group_array(json(iif(name.value is null, item.value,
            json_set(item.value, '$.product', name.value))) order by item.key)
          from json_each(subscriptions.items) as item
          left join json_each(${given}) as name on name.key = item.value ->> 'productId')
        where id > ${after} and id <= ${last} and exists (
          select 1 from json_each(subscriptions.items) as item
          join json_each(${given}) as name on name.key = item.value ->> 'productId'
          where name.value <> item.value ->> 'product')`);
      return page?.rows === most ? last : null;
    },
  };
}
