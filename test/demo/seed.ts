import type { Stripe } from 'stripe';
import type { CustomerStore } from '../../src/customers/store.ts';
import { demoCustomers } from './accounts.ts';

type DemoCustomer = (typeof demoCustomers)[number];

/** Makes the demo's customers at Stripe, unless they are there, and maps them in D1. */
export async function seed(
  stripe: Stripe,
  store: CustomerStore,
  withSubscriptions: boolean,
): Promise<void> {
  const price = withSubscriptions ? await createPrice(stripe) : undefined;
  for (const demoCustomer of demoCustomers) {
    const customer = (await find(stripe, demoCustomer)) ?? (await create(stripe, demoCustomer));
    if (price) {
      await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    }
    await store.save({
      id: customer.id,
      subject: demoCustomer.subject,
      name: demoCustomer.name,
      email: demoCustomer.email,
      livemode: customer.livemode,
      createdAt: customer.created,
    });
  }
}

async function find(stripe: Stripe, { email, subject }: DemoCustomer) {
  const { data } = await stripe.customers.list({ email });
  return data.find(({ metadata }) => metadata['user_id'] === subject);
}

async function create(stripe: Stripe, { name, email, subject }: DemoCustomer) {
  return stripe.customers.create({ name, email, metadata: { user_id: subject } });
}

async function createPrice(stripe: Stripe): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: 'Example Pro' });
  return stripe.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 2900,
    recurring: { interval: 'month' },
  });
}
