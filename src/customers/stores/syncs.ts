import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';
import type { CustomerState } from '../state.ts';
import { moveCursor, type List } from './cursors.ts';

/** The right to write what was read after it was taken, until a later ticket has written. */
export type Ticket = { id: string; ticket: number; mapped: boolean };

export type SyncStore = ReturnType<typeof createSyncStore>;

/** Writes customers, guarded by tickets. All methods throw BillingError `database_unavailable`. */
export function createSyncStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write, transact } = createRunner(database, onStatement);
  return {
    /**
     * Begins a sync of each customer. The highest ticket began to read last, so its state is the
     * newest. From here on D1 remembers that there is a sync to finish.
     */
    async takeTickets(ids: string[], livemode: boolean): Promise<Ticket[]> {
      const tickets = await read<{ id: string; ticket: number; mapped: 0 | 1 }>(
        ticketsFor(ids, livemode),
      );
      return tickets.map(({ id, ticket, mapped }) => ({ id, ticket, mapped: mapped === 1 }));
    },

    /** The same, and in the same transaction the cursor of the list that named them moves on. */
    takeTicketsAndMove: async (ids: string[], livemode: boolean, list: List, cursor: string) =>
      transact([ticketsFor(ids, livemode), moveCursor(list, cursor, livemode)]),

    /** Customers whose last sync has not finished. Those that failed most often come last. */
    async unsynced(livemode: boolean, limit: number): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        select id from customers
        where sync_ticket > synced_ticket and livemode = ${Number(livemode)}
        order by sync_ticket - synced_ticket, id limit ${limit}`);
      return rows.map(({ id }) => id);
    },

    /** Writes what was read, in one transaction, wherever no later ticket has written. */
    write: async (states: (CustomerState & { ticket: number })[], now: Date) =>
      transact(writes(JSON.stringify(states), Math.floor(now.getTime() / 1000))),

    /** Marks customers that were read in part: there is still a sync to finish. */
    keepUnsynced: async (ids: string[]) =>
      write(sql`
        update customers set sync_ticket = sync_ticket + 1
        where id in (select value from json_each(${JSON.stringify(ids)}))`),

    /** Maps customers that have no subject. Of several references to one, the first counts. */
    mapUnmapped: async (references: { id: string; subject: string }[]) =>
      write(mapUnmapped(JSON.stringify(references))),
  };
}

// One statement for any number of ids: D1 binds at most 100 parameters.
const ticketsFor = (ids: string[], livemode: boolean) => sql`
  insert into customers (id, livemode, created_at, sync_ticket)
  select value, ${Number(livemode)}, 0, 1 from json_each(${JSON.stringify(ids)}) where true
  on conflict (id) do update set sync_ticket = sync_ticket + 1
  returning id, sync_ticket as ticket, subject is not null as mapped`;

const mapUnmapped = (references: string) => sql`
  update customers set subject = (
    select value ->> 'subject' from json_each(${references})
    where value ->> 'id' = customers.id order by key limit 1
  )
  where +subject is null
    and id in (select value ->> 'id' from json_each(${references}))`;

// The first statement puts its ticket on the rows that it wins. The others follow that ticket.
function writes(states: string, now: number): SQL[] {
  const won = sql`
    select state.value as state, state.value ->> 'id' as id
    from json_each(${states}) as state join customers on customers.id = state.value ->> 'id'
    where customers.synced_ticket = state.value ->> 'ticket'`;
  return [
    sql`
      update customers set
        subject = coalesce(state ->> 'subject', subject),
        email = state ->> 'email',
        name = state ->> 'name',
        livemode = coalesce(state ->> 'livemode', livemode),
        created_at = coalesce(state ->> 'createdAt', created_at),
        deleted_at = iif(state ->> 'kind' = 'deleted', coalesce(deleted_at, ${now}), null),
        synced_ticket = state ->> 'ticket',
        synced_at = ${now}
      from (select value as state from json_each(${states}))
      where customers.id = state ->> 'id' and synced_ticket < state ->> 'ticket'`,
    sql`delete from subscriptions where customer_id in (select id from (${won}))`,
    sql`
      insert into subscriptions (id, customer_id, status, items, current_period_end, cancel_at,
        trial_end, paused, resumes_at, terms, created_at)
      select row.value ->> 'id', won.id, row.value ->> 'status', row.value -> 'items',
        row.value ->> 'currentPeriodEnd', row.value ->> 'cancelAt', row.value ->> 'trialEnd',
        row.value ->> 'paused', row.value ->> 'resumesAt', row.value -> 'terms',
        row.value ->> 'createdAt'
      from (${won}) as won, json_each(won.state -> 'subscriptions') as row
      where true
      on conflict (id) do update set customer_id = excluded.customer_id`,
  ];
}
