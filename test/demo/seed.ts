import type { Stripe } from 'stripe';
import { syncCustomer } from '../../src/customers/sync.ts';
import type { Stores } from '../../src/customers/stores/index.ts';
import { FILLED } from '../filled.ts';
import { demoCustomers, type DemoCustomer } from './accounts.ts';

const METADATA_KEY = 'user_id';
const PRODUCT = 'Example Pro';

/**
 * Makes the demo's product and customers at Stripe, unless they are there. A customer that is
 * made gets a subscription; as a trial it needs no card, which the stand-in never asks for. Who owes
 * has an invoice that waits for its first payment.
 *
 * @returns the customers' ids and the price
 */
export async function seedStripe(
  stripe: Stripe,
  asTrial: boolean,
): Promise<{ ids: string[]; price: string }> {
  const price = await findOrCreatePrice(stripe);
  const ids: string[] = [];
  for (const demoCustomer of demoCustomers) {
    ids.push(
      (await find(stripe, demoCustomer)) ?? (await create(stripe, demoCustomer, price, asTrial)),
    );
  }
  return { ids, price };
}

/** Maps them in D1, the way a webhook does. There is nobody else, so the first fill is complete. */
export async function seedDatabase(stripe: Stripe, stores: Stores, ids: string[]): Promise<void> {
  const config = { livemode: false, customerMetadataKey: METADATA_KEY };
  for (const id of ids) await syncCustomer(id, { stripe, stores, config }, new Date());
  await stores.cursors.move(FILLED, config.livemode);
}

async function find(stripe: Stripe, { email, subject }: DemoCustomer): Promise<string | undefined> {
  const { data } = await stripe.customers.list({ email });
  return data.find(({ metadata }) => metadata[METADATA_KEY] === subject)?.id;
}

async function create(
  stripe: Stripe,
  { name, email, subject, owes }: DemoCustomer,
  price: string,
  asTrial: boolean,
): Promise<string> {
  const { id } = await stripe.customers.create({
    name,
    email,
    metadata: { [METADATA_KEY]: subject },
  });
  await stripe.subscriptions.create({
    customer: id,
    items: [{ price }],
    ...(owes ? { payment_behavior: 'default_incomplete' } : asTrial && { trial_period_days: 14 }),
  });
  return id;
}

async function findOrCreatePrice(stripe: Stripe): Promise<string> {
  const { data: products } = await stripe.products.list({ active: true, limit: 100 });
  const product =
    products.find(({ name }) => name === PRODUCT) ??
    (await stripe.products.create({ name: PRODUCT }));
  const { data: prices } = await stripe.prices.list({ product: product.id, active: true });
  const price =
    prices[0] ??
    (await stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 2900,
      recurring: { interval: 'month' },
    }));
  return price.id;
}
