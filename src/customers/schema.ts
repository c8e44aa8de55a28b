import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

// D1 is a copy; Stripe has the truth. Times are Unix seconds, as at Stripe.

export const customers = sqliteTable(
  'customers',
  {
    /** Stripe's id: cus_… */
    id: text().primaryKey(),
    /** The site's id of who it bills, once that is known. */
    subject: text(),
    email: text(),
    name: text(),
    livemode: integer({ mode: 'boolean' }).notNull(),
    deletedAt: integer('deleted_at'),
    createdAt: integer('created_at').notNull(),
    /** Counts the syncs that have begun. The last one to begin reads the newest state. */
    syncTicket: integer('sync_ticket').notNull().default(0),
    /** The ticket of the sync that wrote this row. */
    syncedTicket: integer('synced_ticket').notNull().default(0),
    syncedAt: integer('synced_at'),
    /** When the last ticket was taken. What happened well before then needs no other. */
    ticketedAt: integer('ticketed_at'),
    /** The last events that tickets were taken for, each after a space. */
    heard: text(),
    /** Since when a sync waits for the cron job; in the future after attempts that failed. */
    dueAt: integer('due_at'),
    /** How strong the evidence for the subject is (mapping.ts); null for what 0.1.0 has mapped. */
    evidence: integer(),
    /** Subscriptions name several subjects, so none of them has mapped the customer. */
    conflict: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('customers_by_subject').on(table.subject, table.livemode),
    index('customers_by_email').on(sql`lower(${table.email})`, table.livemode),
    // A sync that has begun and not finished is work left to do.
    index('customers_due')
      .on(table.livemode, table.dueAt)
      .where(sql`sync_ticket > synced_ticket`),
  ],
);

/**
 * What kind of price an item has. Only a `fixed` one has an amount that the customer will find on
 * the invoice. The others: metered; tiered or in packages; with an amount in another currency than
 * is paid; with tax on top; anything else.
 */
export type Pricing = 'fixed' | 'usage' | 'quantity' | 'currency' | 'tax' | 'other';

export type SubscriptionItem = {
  /** Stripe's id: si_… */
  id: string;
  /** The product's name, as the customer knows it. */
  product: string;
  /** Stripe's id: prod_…, by which a new name finds it. 0.1.0 kept none. */
  productId?: string;
  price: string;
  quantity: number | null;
  /** Undefined in rows from before there were kinds. Their amount may be wrong. */
  pricing?: Pricing;
  /** Per unit, in the currency's smallest unit; null unless the pricing is fixed. */
  amount: number | null;
  /** What the customer pays in. */
  currency: string;
  interval: string | null;
  intervalCount: number | null;
};

export type SubscriptionTerms = {
  /** The names of discounts, as invoices have them; null where a name cannot be read. */
  discounts: (string | null)[];
  /** The customer gets invoices to pay, and no payment method is charged. */
  sendsInvoices: boolean;
  /** The customer can end the pause, or take back the end, in the portal. */
  isResumable: boolean;
  /** When a schedule changes it next. */
  changesAt: number | null;
  /** A schedule that was not read may change or end it. */
  mayChange: boolean;
};

/** Subscriptions that have not ended. Ended ones stay at Stripe only. */
export const subscriptions = sqliteTable(
  'subscriptions',
  {
    /** Stripe's id: sub_… */
    id: text().primaryKey(),
    customerId: text('customer_id')
      .notNull()
      .references(() => customers.id, { onDelete: 'cascade' }),
    status: text().notNull(),
    /** A subscription can have several items. */
    items: text({ mode: 'json' }).$type<SubscriptionItem[]>().notNull(),
    currentPeriodEnd: integer('current_period_end'),
    /** When it ends, however it was cancelled. */
    cancelAt: integer('cancel_at'),
    trialEnd: integer('trial_end'),
    /** Payment collection is paused, perhaps without a `resumesAt`. */
    paused: integer({ mode: 'boolean' }).notNull(),
    resumesAt: integer('resumes_at'),
    /** Null in rows from before there were terms. */
    terms: text({ mode: 'json' }).$type<SubscriptionTerms>(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('subscriptions_by_customer').on(table.customerId)],
);

/** How far the walk over one of Stripe's lists has come. */
export const cursors = sqliteTable('cursors', {
  name: text().primaryKey(),
  value: text().notNull(),
});

/** Mails of the last day, each once for each limit that counts it. */
export const mails = sqliteTable(
  'mails',
  {
    /** The keyed hash of a customer, of a client's network, or of both. */
    counted: text().notNull(),
    sentAt: integer('sent_at').notNull(),
  },
  (table) => [
    index('mails_by_counted').on(table.counted, table.sentAt),
    index('mails_by_time').on(table.sentAt),
  ],
);

/** Searches at Stripe that are running, or ended within the last minute. */
export const searches = sqliteTable(
  'searches',
  {
    /** A subject, or the id of a customer that a link names. */
    sought: text().notNull(),
    livemode: integer({ mode: 'boolean' }).notNull(),
    searchedAt: integer('searched_at').notNull(),
    /** The claim of the request that is searching; null once it has ended. */
    claim: text(),
  },
  (table) => [primaryKey({ columns: [table.sought, table.livemode] })],
);
