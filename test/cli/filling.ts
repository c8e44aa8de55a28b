import { fillState } from '../../src/customers/fill.ts';
import { createStores } from '../../src/customers/stores/index.ts';
import { createOperatorStore } from '../../src/customers/stores/operator.ts';
import { database, workplace } from './use-workplace.ts';

export const key = () => ({ STRIPE_SECRET_KEY: workplace.key });
export const fill = async (...words: string[]) => workplace.run(['fill', ...words], key());
export const overview = async () => createOperatorStore(database).overview(false);
export const state = async () => fillState(await createStores(database).cursors.read(false));

/** Makes so many customers at Stripe, from this number on. */
export function createCustomers(count: number, first = 0): void {
  for (let number = first; number < first + count; number += 1) {
    const metadata = { user_id: `user_${number}` };
    workplace.stripe.create('/v1/customers', { name: `Customer ${number}`, metadata });
  }
}

export async function subscribe(customer: string, metadata: Record<string, string> = {}) {
  const product = await workplace.api.products.create({ name: 'Plan' });
  const price = await workplace.api.prices.create({
    product: product.id,
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  });
  return workplace.api.subscriptions.create({ customer, items: [{ price: price.id }], metadata });
}
