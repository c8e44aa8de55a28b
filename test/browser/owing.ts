import type { Stripe } from 'stripe';
import type { Invoice } from '../stripe/objects.ts';
import { createCustomer, type Site } from './site.ts';

type Subscribe = Omit<Partial<Stripe.SubscriptionCreateParams>, 'customer' | 'items'>;

/** Customers who owe, each in a way of their own, under the account of that name. */
export async function createDebtors({ stripe, standIn }: Pick<Site, 'standIn' | 'stripe'>) {
  const { state } = standIn;
  const bill = async (customer: string, more: Subscribe): Promise<Invoice> => {
    const { data } = await stripe.prices.list({ limit: 1 });
    const items = [{ price: data[0]!.id }];
    const { id } = await stripe.subscriptions.create({ customer, items, ...more });
    return state.latestInvoice(id);
  };
  const fail = (customer: string): Invoice => {
    const [subscription] = state.subscriptionsOf(customer);
    return state.leaveUnpaid(subscription!.id);
  };
  const sends = { collection_method: 'send_invoice', days_until_due: 14 } as const;

  const overdue = await createCustomer(stripe, 'overdue', 'Mary Somerville');
  const sent = await createCustomer(stripe, 'sent', 'Emmy Noether', 0);
  const two = await createCustomer(stripe, 'two', 'Sophie Germain');
  const first = await createCustomer(stripe, 'first', 'Maria Agnesi', 0);
  return {
    overdue: fail(overdue),
    sent: await bill(sent, sends),
    two: [fail(two), await bill(two, sends)] as const,
    first: await bill(first, { payment_behavior: 'default_incomplete' }),
  };
}
