import type { subscriptions } from './schema.ts';

/** A Stripe subscription as D1 keeps it. */
export type Subscription = Omit<typeof subscriptions.$inferSelect, 'customerId' | 'createdAt'>;

/** A Stripe customer as D1 keeps it, with the subscriptions that have not ended. */
export type Customer = {
  id: string;
  /** Who the site bills by it; null where that is not known. */
  subject: string | null;
  email: string | null;
  name: string | null;
  subscriptions: Subscription[];
  /** False while Stripe may have something newer. */
  isSynced: boolean;
  /** When D1 last read it at Stripe, in Unix seconds; null if it has not. */
  syncedAt: number | null;
  /** False while D1 has only the mapping, which the first fill came by. */
  isRead: boolean;
};

/** What a subscription is of, by the names that its customer knows. */
export const productsOf = ({ items }: Pick<Subscription, 'items'>): string =>
  [...new Set(items.map(({ product }) => product))].join(' + ');
