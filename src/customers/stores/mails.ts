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
     * Counts one mail under all of these limits, unless one of them is reached. It is one
     * statement, so requests at the same time cannot exceed a limit together.
     */
    async count(limits: MailLimit[], now: Date): Promise<boolean> {
      const given = JSON.stringify(limits);
      const rows = await read(sql`
        insert into mails (counted, sent_at)
        select value ->> 'counted', ${seconds(now)} from json_each(${given})
        where not exists (
          select 1 from json_each(${given}) as given
          where given.value ->> 'most' <= (
            select count(*) from mails
            where counted = given.value ->> 'counted'
              and sent_at > ${seconds(now)} - (given.value ->> 'seconds')))
        returning counted`);
      return rows.length > 0;
    },

    forgetOld: async (now: Date) =>
      write(sql`delete from mails where sent_at <= ${seconds(now) - LONGEST_MAIL_SECONDS}`),
  };
}
