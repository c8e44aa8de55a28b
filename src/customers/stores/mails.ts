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
     * Counts one mail for each recipient whose limits are all free, if the shared one is, and at
     * least one recipient's are. It is one statement, so requests at the same time cannot exceed a
     * limit together. When D1 loses its answer, the retry counts the mail twice: rather one mail
     * less than more.
     *
     * @returns what the mail was counted under; nothing if it must not be sent
     */
    async count(recipients: MailLimit[][], shared: MailLimit, now: Date): Promise<string[]> {
      const given = JSON.stringify([...recipients, [shared]]);
      const rows = await read<{ counted: string }>(sql`
        with free as (
          select key as place, value as limits from json_each(${given}) as given
          where not exists (
            select 1 from json_each(given.value) as one
            where one.value ->> 'most' <= (
              select count(*) from mails
              where counted = one.value ->> 'counted'
                and sent_at > ${seconds(now)} - (one.value ->> 'seconds'))))
        insert into mails (counted, sent_at)
        select one.value ->> 'counted', ${seconds(now)} from free, json_each(free.limits) as one
        where (select count(*) from free) > 1
          and exists (select 1 from free where place = ${recipients.length})
        returning counted`);
      return rows.map(({ counted }) => counted);
    },

    forgetOld: async (now: Date) =>
      write(sql`delete from mails where sent_at <= ${seconds(now) - LONGEST_MAIL_SECONDS}`),
  };
}
