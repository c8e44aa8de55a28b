import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import {
  bind,
  guarded,
  openSession,
  spelledOut,
  writeOnce,
  type Consistency,
  type OnStatement,
} from './database.ts';
import { cursors, customers, linkRevocations, searches, type subscriptions } from './schema.ts';
import type { CustomerState } from './state.ts';

export type Subscription = Omit<typeof subscriptions.$inferSelect, 'customerId' | 'createdAt'>;
export type Customer = {
  id: string;
  email: string | null;
  name: string | null;
  subscriptions: Subscription[];
  /** False while D1 knows that Stripe may have something newer. */
  isSynced: boolean;
};
export type Ticket = { id: string; ticket: number; mapped: boolean };
type TicketRow = { id: string; ticket: number; mapped: 0 | 1 };
/** Somebody is looked for at Stripe: a subject, or a customer by id. The claim is the request's. */
export type Search = { sought: string; livemode: boolean; claim: string };
/** Whom a signed link is for: somebody of the site's, or customers by their ids. */
type LinkHolder = { subject: string } | { customers: string[] };
export type CustomerStore = ReturnType<typeof createCustomerStore>;

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

// What a search has found out holds for a while; one whose request died is over sooner.
const SEARCH_SECONDS = 60;
const CLAIM_SECONDS = 10;

// Read together with the customer: one query tells all that a visit needs.
const subscriptionsOfCustomer = sql`(
  select json_group_array(json_object(
    'id', subscriptions.id, 'status', status, 'items', json(items), 'cancelAt', cancel_at,
    'currentPeriodEnd', current_period_end, 'trialEnd', trial_end,
    'paused', json(iif(paused, 'true', 'false')), 'resumesAt', resumes_at
  ) order by subscriptions.created_at, subscriptions.id)
  from subscriptions where customer_id = customers.id
)`;
const parseSubscriptions = (text: string): Subscription[] => JSON.parse(text);
const isUnsynced = sql`sync_ticket > synced_ticket`;

type CustomerRow = Pick<Customer, 'id' | 'email' | 'name'> & {
  subscriptions: string;
  isSynced: 0 | 1;
};
const customersWhere = (whose: SQL) =>
  writeOnce(sql`
    select id, email, name, ${subscriptionsOfCustomer} as subscriptions,
      sync_ticket <= synced_ticket as isSynced
    from customers
    where ${whose} and livemode = ${sql.placeholder('livemode')} and deleted_at is null
    order by created_at, id`);
const bySubject = customersWhere(sql`subject = ${sql.placeholder('subject')}`);
const byIds = customersWhere(sql`id in (select value from json_each(${sql.placeholder('ids')}))`);

/** Every SQL statement of the project. All methods throw BillingError `database_unavailable`. */
export function createCustomerStore(database: D1Database, onStatement: OnStatement = () => {}) {
  const run = <T>(query: () => Promise<T>, statements = 1): Promise<T> =>
    guarded(() => {
      for (let counted = 0; counted < statements; counted += 1) onStatement();
      return query();
    });
  const read = async <Row>(statement: SQL): Promise<Row[]> =>
    (await run(() => bind(database, statement).all<Row>())).results;
  const write = async (statement: SQL): Promise<void> => {
    await run(() => bind(database, statement).run());
  };
  const transact = async (statements: SQL[]): Promise<void> => {
    const bound = () => statements.map((statement) => bind(database, statement));
    await run(() => database.batch(bound()), statements.length);
  };

  const find = async (
    statement: typeof bySubject,
    values: Record<string, unknown>,
    consistency: Consistency,
  ): Promise<Customer[]> => {
    const { results } = await run(() =>
      statement(openSession(database, consistency), values).all<CustomerRow>(),
    );
    return results.map(({ id, email, name, subscriptions: listed, isSynced }) => ({
      id,
      email,
      name,
      subscriptions: parseSubscriptions(listed),
      isSynced: isSynced === 1,
    }));
  };

  return {
    /** Customers of one mode that are not deleted, the oldest first, with what they subscribe to. */
    findBySubject: (subject: string, livemode: boolean, consistency: Consistency) =>
      find(bySubject, { subject, livemode: Number(livemode) }, consistency),

    findByIds: (ids: string[], livemode: boolean, consistency: Consistency) =>
      find(byIds, { ids: JSON.stringify(ids), livemode: Number(livemode) }, consistency),

    /** Addresses are compared as people write them, in whatever case. */
    findByEmail: (email: string, livemode: boolean, limit: number) =>
      read<Pick<CustomerRow, 'id' | 'email'>>(sql`
        select id, email from customers
        where lower(email) = lower(${email}) and livemode = ${Number(livemode)}
          and deleted_at is null
        order by created_at, id limit ${limit}`),

    /** Until when this holder's links have been revoked, in Unix seconds; 0 if they never were. */
    async linksRevokedUntil(holder: LinkHolder): Promise<number> {
      const [row] = await read<{ until: number }>(revokedUntil(holder));
      return row?.until ?? 0;
    },

    revokeLinks: (holder: LinkHolder, now: Date) => write(revocation(holder, seconds(now))),

    async subscriptionsOf(id: string): Promise<Subscription[]> {
      const [row] = await read<Pick<CustomerRow, 'subscriptions'>>(sql`
        select ${subscriptionsOfCustomer} as subscriptions from customers
        where ${eq(customers.id, id)}`);
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

    /**
     * Begins a sync of each customer. Whoever holds the highest ticket began to read last, so
     * its state is the newest. From here on D1 remembers that there is a sync to finish.
     */
    async takeTickets(ids: string[], livemode: boolean): Promise<Ticket[]> {
      const tickets = await read<TicketRow>(ticketsFor(ids, livemode));
      return tickets.map(({ id, ticket, mapped }) => ({ id, ticket, mapped: mapped === 1 }));
    },

    /** The same, and in the same transaction the cursor of the list that named them moves on. */
    takeTicketsAndMove: (ids: string[], livemode: boolean, cursor: string, value: string) =>
      transact([ticketsFor(ids, livemode), moveTo(cursor, value)]),

    /** Customers whose last sync has not ended; those that failed most often come last. */
    async unsynced(livemode: boolean, limit: number): Promise<string[]> {
      const rows = await read<{ id: string }>(sql`
        select id from customers where ${and(isUnsynced, eq(customers.livemode, livemode))}
        order by sync_ticket - synced_ticket, id limit ${limit}`);
      return rows.map(({ id }) => id);
    },

    /** Writes what was read, in one transaction, wherever no later ticket has been written. */
    write: (states: (CustomerState & { ticket: number })[], now: Date) =>
      transact(writes(JSON.stringify(states), seconds(now))),

    /** A customer that was read in part: there is still a sync to finish. */
    keepUnsynced: (ids: string[]) =>
      write(sql`
        update customers set sync_ticket = sync_ticket + 1
        where id in (select value from json_each(${JSON.stringify(ids)}))`),

    async readCursors(names: string[]): Promise<Map<string, string>> {
      const rows = await read<{ name: string; value: string }>(
        sql`select name, value from cursors where ${inArray(cursors.name, names)}`,
      );
      return new Map(rows.map(({ name, value }) => [name, value]));
    },

    moveCursor: (name: string, value: string) => write(moveTo(name, value)),

    /** All of them or none. */
    moveCursors: (values: [name: string, value: string][]) =>
      transact(values.map(([name, value]) => moveTo(name, value))),

    /** Maps customers whom nobody is mapped to; of several references the first counts. */
    mapUnmapped: (references: { id: string; subject: string }[]) =>
      write(mapUnmapped(JSON.stringify(references))),

    /**
     * Whether the holder of this claim may search at Stripe: nobody else is at it, and nobody
     * has ended a search within a minute. Asked again with the same claim, it says the same.
     */
    async claimSearch(search: Search, now: Date): Promise<'claimed' | 'running' | 'ended'> {
      const [row] = await read<Pick<Search, 'claim'> | { claim: null }>(
        searchClaim(search, seconds(now)),
      );
      if (row?.claim === search.claim) return 'claimed';
      return row?.claim === null ? 'ended' : 'running';
    },

    endSearch: (search: Search) =>
      write(sql`update searches set claim = null where ${isClaimedBy(search)}`),

    /** Lets the next one search: this search did not come to an end. */
    releaseSearch: (search: Search) =>
      write(sql`delete from searches where ${isClaimedBy(search)}`),

    forgetSearches: (now: Date) =>
      write(sql`delete from searches where searched_at <= ${seconds(now) - SEARCH_SECONDS}`),
  };
}

/** The statement of `revokeLinks` as text, for `wrangler d1 execute`. */
export const revocationText = (holder: LinkHolder, now: Date) =>
  spelledOut(revocation(holder, seconds(now)));

// A customer's links end with those of whoever it belongs to.
function revokedUntil(holder: LinkHolder): SQL {
  const [subjects, ids] =
    'subject' in holder
      ? [sql`select ${holder.subject}`, '[]']
      : [
          sql`select subject from customers
            where id in (select value from json_each(${JSON.stringify(holder.customers)}))`,
          JSON.stringify(holder.customers),
        ];
  return sql`
    select coalesce(max(not_before), 0) as until from ${linkRevocations}
    where (kind = 'subject' and id in (${subjects}))
      or (kind = 'customer' and id in (select value from json_each(${ids})))`;
}

function revocation(holder: LinkHolder, now: number): SQL {
  const rows =
    'subject' in holder
      ? [sql`('subject', ${holder.subject}, ${now})`]
      : holder.customers.map((id) => sql`('customer', ${id}, ${now})`);
  return sql`
    insert into ${linkRevocations} (kind, id, not_before) values ${sql.join(rows, sql`, `)}
    on conflict (kind, id) do update set not_before = excluded.not_before`;
}

// One statement for any number of ids: D1 binds at most 100 parameters.
const ticketsFor = (ids: string[], livemode: boolean) => sql`
  insert into customers (id, livemode, created_at, sync_ticket)
  select value, ${livemode ? 1 : 0}, 0, 1 from json_each(${JSON.stringify(ids)}) where true
  on conflict (id) do update set sync_ticket = sync_ticket + 1
  returning id, sync_ticket as ticket, subject is not null as mapped`;

const isClaimedBy = ({ sought, livemode, claim }: Search) =>
  and(eq(searches.sought, sought), eq(searches.livemode, livemode), eq(searches.claim, claim));

// Its values change only while it is free, or the claimant's own.
function searchClaim({ sought, livemode, claim }: Search, now: number): SQL {
  const isFree = sql`(searches.claim = ${claim} or searched_at <=
    iif(searches.claim is null, ${now - SEARCH_SECONDS}, ${now - CLAIM_SECONDS}))`;
  return sql`
    insert into searches (sought, livemode, searched_at, claim)
    values (${sought}, ${Number(livemode)}, ${now}, ${claim})
    on conflict (sought, livemode) do update set
      searched_at = iif(${isFree}, excluded.searched_at, searched_at),
      claim = iif(${isFree}, excluded.claim, searches.claim)
    returning claim`;
}

const moveTo = (name: string, value: string) => sql`
  insert into cursors (name, value) values (${name}, ${value})
  on conflict (name) do update set value = excluded.value`;

const mapUnmapped = (references: string) => sql`
  update customers set subject = (
    select value ->> 'subject' from json_each(${references})
    where value ->> 'id' = customers.id order by key limit 1
  )
  where subject is null
    and id in (select value ->> 'id' from json_each(${references}))`;

// The first statement puts a ticket on the rows that it wins; the others follow that ticket.
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
        trial_end, paused, resumes_at, created_at)
      select row.value ->> 'id', won.id, row.value ->> 'status', row.value -> 'items',
        row.value ->> 'currentPeriodEnd', row.value ->> 'cancelAt', row.value ->> 'trialEnd',
        row.value ->> 'paused', row.value ->> 'resumesAt', row.value ->> 'createdAt'
      from (${won}) as won, json_each(won.state -> 'subscriptions') as row
      where true
      on conflict (id) do update set customer_id = excluded.customer_id`,
  ];
}

/** What the operator's commands ask through `wrangler d1 execute`, which binds no parameters. */
export const operatorSql = {
  appliedMigrations: 'select name, applied_at as appliedAt from d1_migrations order by id',
  overview: (livemode: boolean) => `
    select
      count(*) as customers, count(subject) as mapped,
      coalesce(sum(sync_ticket > synced_ticket), 0) as unsynced,
      (select json_group_object(name, value) from cursors) as cursors
    from customers where deleted_at is null and livemode = ${livemode ? 1 : 0}`,
  customer: (id: string) =>
    spelledOut(sql`
      select subject is not null as mapped, deleted_at is not null as deleted
      from customers where id = ${id}`),
};
