import { sql, type SQL } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';

/** A search at Stripe: for a subject, or a customer by id. The claim is one request's. */
export type Search = { sought: string; livemode: boolean; claim: string };

export type SearchStore = ReturnType<typeof createSearchStore>;

// How long a finished search counts, and how long one may run before another takes over.
const SEARCH_SECONDS = 60;
const CLAIM_SECONDS = 10;

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Keeps searches at Stripe rare. All methods throw BillingError `database_unavailable`. */
export function createSearchStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write } = createRunner(database, onStatement);
  return {
    /**
     * Claims a search. It fails while another request is searching (`running`), and for a minute
     * after a search that has ended. The same claim gets the same answer again.
     */
    async claim(search: Search, now: Date): Promise<'claimed' | 'running' | 'ended'> {
      const [row] = await read<{ claim: string | null }>(claimFor(search, seconds(now)));
      if (row?.claim === search.claim) return 'claimed';
      return row?.claim === null ? 'ended' : 'running';
    },

    end: async (search: Search) =>
      write(sql`update searches set claim = null where ${isClaimedBy(search)}`),

    /** Gives up a search that has failed, so that the next request can search. */
    release: async (search: Search) =>
      write(sql`delete from searches where ${isClaimedBy(search)}`),

    forgetOld: async (now: Date) =>
      write(sql`delete from searches where searched_at <= ${seconds(now) - SEARCH_SECONDS}`),
  };
}

const isClaimedBy = ({ sought, livemode, claim }: Search) =>
  sql`sought = ${sought} and livemode = ${Number(livemode)} and claim = ${claim}`;

// The row changes only while it is free, or is the claimant's own.
function claimFor({ sought, livemode, claim }: Search, now: number): SQL {
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
