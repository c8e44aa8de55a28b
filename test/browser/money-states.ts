import type { Stripe } from 'stripe';
import type { StandIn } from '../stripe/index.ts';

type Price = Omit<Stripe.PriceCreateParams, 'currency' | 'product'>;

const monthly = { interval: 'month' } as const;

/** Customers with every kind of price, and with everything that can be due, paused or to come. */
export async function createMoneyStates(stripe: Stripe, { state }: StandIn): Promise<void> {
  const soon = Math.floor(Date.now() / 1000) + 20 * 86_400;
  const person = async (user: string, name: string) => {
    const params = { name, email: `${user}@example.com`, metadata: { user_id: user } };
    return (await stripe.customers.create(params)).id;
  };
  const sell = async (name: string, price: Price = {}) => {
    const product = await stripe.products.create({ name });
    const flat = price.billing_scheme === 'tiered' ? {} : { unit_amount: 2900 };
    const params = { product: product.id, currency: 'usd', recurring: monthly };
    return (await stripe.prices.create({ ...params, ...flat, ...price })).id;
  };
  const pro = await sell('Example Pro');

  const customer = await person('prices', 'Ada Lovelace');
  const meter = await stripe.billing.meters.create({
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  const usage = { ...monthly, usage_type: 'metered', meter: meter.id } as const;
  const tiers = [{ up_to: 'inf' as const, unit_amount: 900 }];
  const calls = await sell('API calls', { recurring: usage });
  const seats = await sell('Team seats', { billing_scheme: 'tiered', tiers, tiers_mode: 'volume' });
  const domain = await sell('Domain', { unit_amount: 1200, recurring: { interval: 'year' } });
  const euro = await sell('Example Europe', { currency_options: { eur: { unit_amount: 2700 } } });
  const taxed = await sell('Example Taxed', { tax_behavior: 'exclusive' });
  const free = await sell('Example Free', { unit_amount: 0 });
  await stripe.coupons.create({ id: 'SAVE20', percent_off: 20 });
  const create = async (
    owner: string,
    items: Stripe.SubscriptionCreateParams.Item[],
    more: Omit<Partial<Stripe.SubscriptionCreateParams>, 'customer' | 'items'> = {},
  ) => stripe.subscriptions.create({ customer: owner, items, ...more });
  await create(customer, [{ price: pro, quantity: 3 }], { discounts: [{ coupon: 'SAVE20' }] });
  await create(customer, [{ price: pro }, { price: domain, quantity: 2 }]);
  await create(customer, [{ price: pro }, { price: calls }]);
  await create(customer, [{ price: seats, quantity: 12 }]);
  await create(customer, [{ price: euro }], { currency: 'eur' });
  await create(customer, [{ price: taxed }], { automatic_tax: { enabled: true } });
  await create(customer, [{ price: free }]);

  const debtor = await person('due', 'Grace Hopper');
  const invoices = { collection_method: 'send_invoice', days_until_due: 14 } as const;
  const asked = {
    paused: {
      subscription: { type: 'pause_requested' },
      transitioned_at: 1,
      type: 'subscription',
    },
  };
  for (const changes of [
    { status: 'past_due', cancel_at: soon },
    { status: 'past_due', ...invoices },
    { status: 'unpaid' },
    { status: 'incomplete' },
    { pause_collection: { behavior: 'void', resumes_at: null } } as const,
    { status: 'paused', status_details: asked },
  ]) {
    const isSent = 'collection_method' in changes;
    const { id } = await create(debtor, [{ price: pro }], isSent ? invoices : {});
    if ('status' in changes && changes.status !== 'paused') {
      const invoice = state.leaveUnpaid(id);
      if (changes.status !== 'past_due') invoice.next_payment_attempt = null;
    }
    state.changeSubscription(id, changes);
  }
  const { id } = await create(debtor, [{ price: pro }]);
  const { phases, ...schedule } = await stripe.subscriptionSchedules.create({
    from_subscription: id,
  });
  const start = phases[0]?.start_date ?? 0;
  const items = [{ price: pro, quantity: 1 }];
  await stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      { items, start_date: start, end_date: soon },
      { items, start_date: soon, end_date: soon + 86_400 },
    ],
  });
}
