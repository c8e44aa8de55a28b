import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStripe } from '../../src/stripe/client.ts';
import { open, serveStandIn, type Contract } from './open.ts';
import { createRaw, type Answer, type Raw } from './raw.ts';
import { compareShapes, recorded, shapeOf } from './recorded.ts';
import { createThings, type Things } from './things.ts';

let contract: Contract;
let answers: Record<string, Answer>;
beforeAll(async () => {
  contract = await open();
  answers = await ask(contract);
});
afterAll(async () => contract.close());

/** One object of each kind that src/ reads, as the wire has it. */
async function ask({ raw, things }: { raw: Raw; things: Things }): Promise<Record<string, Answer>> {
  const customer = await things.customer({ metadata: { user_id: 'contract' } });
  const { product, price } = await things.plan(2900);
  const { id } = await things.subscription(customer.id, [price.id], { cancel_at_period_end: true });
  const configuration = await things.configuration({
    features: {
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [{ product: product.id, prices: [price.id] }],
      },
    },
  });
  const address = `/v1/billing_portal/configurations/${configuration.id}`;
  return {
    customer: await raw('GET', `/v1/customers/${customer.id}`, { expand: ['subscriptions'] }),
    subscription: await raw('GET', `/v1/subscriptions/${id}`),
    product: await raw('GET', `/v1/products/${product.id}`),
    configuration: await raw('GET', address, { expand: ['features.subscription_update.products'] }),
    session: await raw('POST', '/v1/billing_portal/sessions', {
      customer: customer.id,
      configuration: configuration.id,
      return_url: 'https://shop.example/billing',
    }),
    events: await raw('GET', '/v1/events', { limit: 1, type: 'customer.created' }),
    invoices: await raw('GET', '/v1/invoices', {
      customer: customer.id,
      expand: ['data.payments'],
    }),
    payments: await raw('GET', '/v1/payment_intents', { customer: customer.id }),
    checkouts: await raw('GET', '/v1/checkout/sessions', { limit: 1 }),
    search: await raw('GET', '/v1/customers/search', { query: "metadata['user_id']:'nobody'" }),
  };
}

const ITEM = 'items.data[]';

/** What src/ reads of each. */
const reads: Record<string, string[]> = {
  customer: [
    'id',
    'created',
    'discount',
    'tax_exempt',
    'email',
    'livemode',
    'metadata',
    'name',
    'subscriptions.data',
    'subscriptions.has_more',
  ],
  subscription: [
    'id',
    'automatic_tax.enabled',
    'billing_mode.type',
    'cancel_at',
    'cancel_at_period_end',
    'collection_method',
    'created',
    'currency',
    'customer',
    'default_tax_rates',
    'discounts',
    'items.has_more',
    'latest_invoice',
    'metadata',
    'pause_collection',
    'schedule',
    'status',
    'trial_end',
    `${ITEM}.id`,
    `${ITEM}.current_period_end`,
    `${ITEM}.discounts`,
    `${ITEM}.quantity`,
    `${ITEM}.tax_rates`,
    `${ITEM}.price.billing_scheme`,
    `${ITEM}.price.id`,
    `${ITEM}.price.currency`,
    `${ITEM}.price.nickname`,
    `${ITEM}.price.product`,
    `${ITEM}.price.recurring.interval`,
    `${ITEM}.price.recurring.interval_count`,
    `${ITEM}.price.recurring.usage_type`,
    `${ITEM}.price.tax_behavior`,
    `${ITEM}.price.transform_quantity`,
    `${ITEM}.price.unit_amount`,
  ],
  product: ['id', 'name'],
  configuration: [
    'id',
    'active',
    'business_profile.headline',
    'business_profile.privacy_policy_url',
    'business_profile.terms_of_service_url',
    'default_return_url',
    'features.customer_update.allowed_updates',
    'features.customer_update.enabled',
    'features.invoice_history.enabled',
    'features.payment_method_update.enabled',
    'features.subscription_cancel.cancellation_reason.options',
    'features.subscription_cancel.mode',
    'features.subscription_cancel.proration_behavior',
    'features.subscription_pause.enabled',
    'features.subscription_update.default_allowed_updates',
    'features.subscription_update.products[].prices',
    'features.subscription_update.products[].product',
    'is_default',
    'metadata',
  ],
  session: ['url'],
  events: ['has_more', 'data[].id', 'data[].type', 'data[].livemode', 'data[].data.object.id'],
  invoices: [
    'data[].id',
    'data[].amount_remaining',
    'data[].attempted',
    'data[].collection_method',
    'data[].currency',
    'data[].due_date',
    'data[].effective_at',
    'data[].hosted_invoice_url',
    'data[].next_payment_attempt',
    'data[].number',
    'data[].parent.subscription_details.subscription',
    'data[].payments.data[].payment.payment_intent',
  ],
  payments: ['data[].id', 'data[].status'],
  checkouts: ['data', 'has_more'],
  search: ['data', 'has_more', 'next_page'],
};

it.each(Object.entries(reads))('has each field that is read of %s', (name, fields) => {
  const { status, body } = answers[name]!;
  expect(status).toBe(200);
  const shape = shapeOf(body);
  expect(fields.filter((field) => !(field in shape))).toEqual([]);
  const was = recorded(contract, `shape of ${name}`, { status, body })?.shape;
  if (!was) return;
  // On the stand-in: what Stripe was recorded to have of what is read is to be had here.
  for (const field of fields) expect([field, field in was]).toEqual([field, true]);
  say(name, compareShapes(shape, was));
});

it('prints what the stand-in lacks or has beyond Stripe', async ({ skip }) => {
  if (contract.kind === 'stand-in') return skip('This is the stand-in.');
  const { origin, close } = await serveStandIn();
  const secretKey = 'sk_test_standin0000000000000000';
  const stripe = createStripe({ secretKey, apiBase: new URL(origin) });
  const mine = await ask({ raw: createRaw(origin, secretKey), things: createThings(stripe) });
  await close();
  for (const name of Object.keys(reads)) {
    say(name, compareShapes(shapeOf(mine[name]!.body), shapeOf(answers[name]!.body)));
  }
  return undefined;
});

function say(name: string, { lacking, added }: { lacking: string[]; added: string[] }): void {
  if (lacking.length > 0) contract.note(`${name}: the stand-in lacks ${lacking.join(', ')}`);
  if (added.length > 0) contract.note(`${name}: only the stand-in has ${added.join(', ')}`);
}
