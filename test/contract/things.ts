import type { Stripe } from 'stripe';

export type Things = ReturnType<typeof createThings>;

type Made = { what: string; remove: () => Promise<unknown> };

/** Stands in the metadata of each object that is made here. */
export const TAG = 'portal_link_contract';

/** Makes objects that carry the tag, and removes them again. */
export function createThings(stripe: Stripe) {
  const made: Made[] = [];
  const metadata = { [TAG]: new Date().toISOString() };

  /** Somebody who can be charged. */
  async function customer(more: Stripe.CustomerCreateParams = {}): Promise<Stripe.Customer> {
    const created = await stripe.customers.create({
      name: 'Contract of portal-link',
      email: 'contract@example.com',
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
      ...more,
      metadata: { ...metadata, ...more.metadata },
    });
    const { id } = created;
    made.push({
      what: 'customer',
      remove: async () => {
        const current = await stripe.customers.retrieve(id);
        if (!current.deleted) await stripe.customers.del(id);
      },
    });
    return created;
  }

  /** A product that is sold at these amounts a month. */
  const INTERVALS = ['month', 'year', 'week'] as const;

  async function plan(...amounts: number[]) {
    const product = await stripe.products.create({ name: 'Contract of portal-link', metadata });
    made.push({
      what: 'product',
      remove: async () => stripe.products.update(product.id, { active: false }),
    });
    const prices: Stripe.Price[] = [];
    // The portal offers one price of a product for each interval.
    for (const [position, amount] of amounts.entries()) {
      prices.push(await price(product.id, amount, INTERVALS[position % INTERVALS.length]!));
    }
    return { product, prices, price: prices[0]! };
  }

  async function price(product: string, amount: number, interval: 'month' | 'week' | 'year') {
    const created = await stripe.prices.create({
      product,
      currency: 'usd',
      unit_amount: amount,
      recurring: { interval },
      metadata,
    });
    made.push({
      what: 'price',
      remove: async () => stripe.prices.update(created.id, { active: false }),
    });
    return created;
  }

  async function subscription(
    owner: string,
    prices: string[],
    more: Stripe.SubscriptionCreateParams = {},
  ): Promise<Stripe.Subscription> {
    // It ends with its customer.
    return stripe.subscriptions.create({
      customer: owner,
      items: prices.map((each) => ({ price: each })),
      metadata,
      ...more,
    });
  }

  async function configuration(given: Stripe.BillingPortal.ConfigurationCreateParams) {
    const created = await stripe.billingPortal.configurations.create({
      ...given,
      metadata: { ...metadata, ...given.metadata },
    });
    made.push({
      what: 'portal configuration (deactivated)',
      remove: async () => stripe.billingPortal.configurations.update(created.id, { active: false }),
    });
    return created;
  }

  /** Takes note of something that was made elsewhere. */
  const remember = (what: string, remove: () => Promise<unknown>) => {
    made.push({ what, remove });
  };

  /** The last made first; how many of each are gone, and what could not be removed. */
  async function removeAll() {
    const removed: Record<string, number> = {};
    const left: string[] = [];
    for (const { what, remove } of made.splice(0).toReversed()) {
      try {
        await remove();
        removed[what] = (removed[what] ?? 0) + 1;
      } catch (error) {
        left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return { removed, left };
  }

  return { customer, plan, price, subscription, configuration, remember, removeAll };
}
