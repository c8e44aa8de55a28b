import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// D1 is a copy of Stripe's truth. Times are Unix seconds, as Stripe gives them.

export const customers = sqliteTable(
  'customers',
  {
    /** Stripe's id: cus_… */
    id: text().primaryKey(),
    /** Whom the site bills, once that is known. */
    subject: text(),
    email: text(),
    name: text(),
    livemode: integer({ mode: 'boolean' }).notNull(),
    deletedAt: integer('deleted_at'),
    createdAt: integer('created_at').notNull(),
    /** Counts the syncs that have begun; the last one to begin read the newest state. */
    syncTicket: integer('sync_ticket').notNull().default(0),
    /** The ticket of the sync whose state this row holds. */
    syncedTicket: integer('synced_ticket').notNull().default(0),
    syncedAt: integer('synced_at'),
  },
  (table) => [
    index('customers_by_subject').on(table.subject, table.livemode),
    index('customers_by_email').on(sql`lower(${table.email})`, table.livemode),
    // A sync that has begun and not ended is work left to do.
    index('customers_unsynced')
      .on(table.livemode)
      .where(sql`sync_ticket > synced_ticket`),
  ],
);

export type SubscriptionItem = {
  /** Stripe's id: si_… */
  id: string;
  /** The product's name, as the customer knows it. */
  product: string;
  price: string;
  quantity: number | null;
  /** For one of the quantity, in the currency's smallest unit; null for tiered prices. */
  amount: number | null;
  currency: string;
  interval: string | null;
  intervalCount: number | null;
};

/** What has not ended; ended subscriptions are Stripe's archive, not ours. */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    /** Stripe's id: sub_… */
    id: text().primaryKey(),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id, { onDelete: 'cascade' }),
    status: text().notNull(),
    /** What is subscribed to; Stripe allows several items. */
    items: text({ mode: 'json' }).$type<SubscriptionItem[]>().notNull(),
    currentPeriodEnd: integer('current_period_end'),
    /** When it ends, whichever way it was cancelled. */
    cancelAt: integer('cancel_at'),
    trialEnd: integer('trial_end'),
    /** Collection is paused; `resumesAt` may be open. */
    paused: integer({ mode: 'boolean' }).notNull(),
    resumesAt: integer('resumes_at'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('subscriptions_by_customer').on(table.customerId)],
);

/** How far a walk over one of Stripe's lists has come. */
export const cursors = sqliteTable('cursors', {
  name: text().primaryKey(),
  value: text().notNull(),
});

/** Links signed by then do not count any more; sessions that came of them neither. */
export const linkRevocations = sqliteTable(
  'link_revocations',
  {
    kind: text({ enum: ['subject', 'customer'] }).notNull(),
    /** The site's subject, or Stripe's id of the customer. */
    id: text().notNull(),
    notBefore: integer('not_before').notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.id] })],
);

/** Who was looked for at Stripe within the last minute, or is being looked for. */
export const searches = sqliteTable(
  'searches',
  {
    /** A subject, or Stripe's id of a customer that a link names. */
    sought: text().notNull(),
    livemode: integer({ mode: 'boolean' }).notNull(),
    searchedAt: integer('searched_at').notNull(),
    /** Of the request that is searching; null once it has found nothing. */
    claim: text(),
  },
  (table) => [primaryKey({ columns: [table.sought, table.livemode] })],
);
