import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Links signed up to then are revoked, and so are the sessions that they began. */
export const linkRevocations = sqliteTable(
  'link_revocations',
  {
    kind: text({ enum: ['subject', 'customer'] }).notNull(),
    /** The site's subject, or Stripe's id of the customer. */
    id: text().notNull(),
    notBefore: integer('not_before').notNull(),
    /** Since when mails with links have to wait for the operator; null once they are allowed. */
    mailStoppedAt: integer('mail_stopped_at'),
  },
  (table) => [primaryKey({ columns: [table.kind, table.id] })],
);
