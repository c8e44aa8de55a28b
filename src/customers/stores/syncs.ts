import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';
import { EVIDENCE } from '../mapping.ts';
import type { MappedState } from '../read.ts';
import { moveCursor, type Move } from './cursors.ts';
import { writesOf } from './write-states.ts';

/**
 * The right to write what was read after it was taken, until a later ticket has written. `settled`:
 * an operator has said whose the customer is.
 */
export type Ticket = { id: string; ticket: number; mapped: boolean; settled: boolean };

/** An event that names a customer, and when it was made (Unix seconds). */
export type Mention = { id: string; event: string; at: number };

/** A customer that waits for a sync. `postponed`: attempts have failed. */
export type Waiting = { id: string; mapped: boolean; postponed: boolean };

/** How many customers wait, how many of them after failed attempts, and since when the others do. */
export type Backlog = { customers: number; failing: number; since: number | null };

export type SyncStore = ReturnType<typeof createSyncStore>;

// A read that began so many seconds after an event shows it, wherever the clocks are.
const MARGIN_SECONDS = 10;

// About ten events: those of the last seconds before the last ticket.
const HEARD_CHARACTERS = 300;

/** A larger backlog is counted no further. */
export const MOST_COUNTED = 10_000;

type TicketRow = { id: string; ticket: number; mapped: 0 | 1; settled: 0 | 1 };
const toTicket = ({ mapped, settled, ...row }: TicketRow): Ticket => ({
  ...row,
  mapped: mapped === 1,
  settled: settled === 1,
});
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Writes customers, guarded by tickets. All methods throw BillingError `database_unavailable`. */
export function createSyncStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write, transact } = createRunner(database, onStatement);
  return {
    /**
     * Begins a sync of each customer. The highest ticket began to read last, so its state is the
     * newest. From here on D1 remembers that there is a sync to finish.
     */
    async takeTickets(ids: string[], livemode: boolean, now: Date, event = ''): Promise<Ticket[]> {
      const rows = sql`select value, ${Number(livemode)}, 0, 1, ${seconds(now)}, ${seconds(now)},
        ${event && ` ${event}`} from json_each(${JSON.stringify(ids)}) where true`;
      return (await read<TicketRow>(sql`${ticketsFor(rows)} returning ${ticketRow}`)).map(toTicket);
    },

    /** The same for customers that wait. Until they are written, others come before them. */
    async retakeTickets(ids: string[], now: Date): Promise<Ticket[]> {
      const rows = await read<TicketRow>(sql`
        update customers set sync_ticket = sync_ticket + 1,
          ticketed_at = max(coalesce(ticketed_at, 0), ${seconds(now)}),
          due_at = ${seconds(now)} + (300 << min(sync_ticket - synced_ticket, 8))
        where id in (select value from json_each(${JSON.stringify(ids)}))
        returning ${ticketRow}`);
      return rows.map(toTicket);
    },

    /**
     * Takes tickets for customers whose last one is older than an event that names them. In the
     * same transaction cursors move on.
     */
    takeOnAndMove: async (mentions: Mention[], livemode: boolean, now: Date, moves: Move[]) =>
      transact([
        ...(mentions.length > 0 ? [takeOn(mentions, livemode, now)] : []),
        ...moves.map((move) => moveCursor(move, livemode)),
      ]),

    /** Customers whose last sync has not finished: the longest wait first, failed attempts last. */
    async unsynced(livemode: boolean, now: Date, limit: number): Promise<Waiting[]> {
      const rows = await read<{ id: string; mapped: 0 | 1; postponed: 0 | 1 | null }>(sql`
        select id, ${isMapped} as mapped, due_at > ${seconds(now)} as postponed from customers
        where sync_ticket > synced_ticket and livemode = ${Number(livemode)}
        order by due_at limit ${limit}`);
      return rows.map((row) => ({
        id: row.id,
        mapped: row.mapped === 1,
        postponed: row.postponed === 1,
      }));
    },

    async backlog(livemode: boolean, now: Date): Promise<Backlog> {
      const [row] = await read<Backlog>(sql`
        select count(*) as customers, coalesce(sum(due_at > ${seconds(now)}), 0) as failing,
          min(iif(due_at <= ${seconds(now)}, due_at, null)) as since
        from (select due_at from customers
          where sync_ticket > synced_ticket and livemode = ${Number(livemode)}
          order by due_at limit ${MOST_COUNTED})`);
      return row ?? { customers: 0, failing: 0, since: null };
    },

    /** Writes what was read, in one transaction, wherever no later ticket has written. */
    write: async (states: (MappedState & { ticket: number })[], now: Date) =>
      transact(writesOf(JSON.stringify(states), seconds(now))),

    /** Marks customers that were read in part: there is still a sync to finish. */
    keepUnsynced: async (ids: string[], now: Date) =>
      write(sql`
        update customers set sync_ticket = sync_ticket + 1, due_at = ${seconds(now)}
        where id in (select value from json_each(${JSON.stringify(ids)}))`),

    /** Maps a customer that has no subject. No sync is needed for it, and none can undo it. */
    mapByEmail: async (id: string, subject: string) =>
      write(sql`
        update customers set subject = ${subject}, evidence = ${EVIDENCE.email}
        where id = ${id} and coalesce(subject, evidence) is null and deleted_at is null
          and not conflict`),
  };
}

// What the first fill has only come by is not certain yet.
const isMapped = sql`subject is not null and coalesce(evidence, 0) <> ${EVIDENCE.listed}`;
const ticketRow = sql`id, sync_ticket as ticket, ${isMapped} as mapped,
  coalesce(evidence, 0) = ${EVIDENCE.operator} as settled`;

// One statement for any number of ids: D1 binds at most 100 parameters. Events before the margin
// need not be remembered: the time of the ticket covers them.
const ticketsFor = (rows: SQL) => sql`
  insert into customers (id, livemode, created_at, sync_ticket, ticketed_at, due_at, heard)
  ${rows}
  on conflict (id) do update set
    sync_ticket = sync_ticket + 1,
    ticketed_at = max(coalesce(ticketed_at, 0), excluded.ticketed_at),
    due_at = iif(sync_ticket > synced_ticket, due_at, excluded.due_at),
    heard = substr(iif(ticketed_at >= excluded.ticketed_at - ${MARGIN_SECONDS}, heard, '')
      || excluded.heard, -${HEARD_CHARACTERS})`;

const takeOn = (mentions: Mention[], livemode: boolean, now: Date) =>
  ticketsFor(sql`
    select named.value ->> 'id', ${Number(livemode)}, 0, 1, ${seconds(now)},
      min(named.value ->> 'at'), ' ' || group_concat(named.value ->> 'event', ' ')
    from json_each(${JSON.stringify(mentions)}) as named
    left join customers on customers.id = named.value ->> 'id'
    where not coalesce(ticketed_at >= (named.value ->> 'at') + ${MARGIN_SECONDS}
      or instr(heard, named.value ->> 'event') > 0, false)
    group by named.value ->> 'id'`);
