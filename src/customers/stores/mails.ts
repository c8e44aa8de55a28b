import { sql } from 'drizzle-orm';
import { createRunner, type OnStatement } from '../database.ts';

/** What mails are counted under, and how many may be sent within so many seconds. */
export type MailLimit = { counted: string; most: number; seconds: number };

export type MailStore = ReturnType<typeof createMailStore>;

/** No mail counts for longer than a day. */
export const LONGEST_MAIL_SECONDS = 86_400;

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Counts the mails that are sent. All methods throw BillingError `database_unavailable`. */
export function createMailStore(database: D1Database, onStatement?: OnStatement) {
  const { read, write } = createRunner(database, onStatement);
  return {
    /**
     * Counts one mail under each limit that is not reached, if the shared one is not, and at least
     * one other. It is one statement, so requests at the same time cannot exceed a limit together.
     * When D1 loses its answer, the retry counts the mail twice: rather one mail less than more.
     *
     * @returns what the mail was counted under; nothing if it must not be sent
     */
    async count(others: MailLimit[], shared: MailLimit, now: Date): Promise<string[]> {
      const given = JSON.stringify([...others, shared]);
      const rows = await read<{ counted: string }>(sql`
        with free as (
          select value ->> 'counted' as counted from json_each(${given}) as given
          where value ->> 'most' > (
            select count(*) from mails
            where counted = given.value ->> 'counted'
              and sent_at > ${seconds(now)} - (given.value ->> 'seconds')))
        insert into mails (counted, sent_at)
        select counted, ${seconds(now)} from free
        where (select count(*) from free) > 1
          and exists (select 1 from free where counted = ${shared.counted})
        returning counted`);
      return rows.map(({ counted }) => counted);
    },

    forgetOld: async (now: Date) =>
      write(sql`delete from mails where sent_at <= ${seconds(now) - LONGEST_MAIL_SECONDS}`),
  };
}
