import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, STAND_IN_LIVE_KEY, type Contract } from './open.ts';
import { createRaw, type Answer } from './raw.ts';
import { recorded, recordingOf } from './recorded.ts';

let contract: Contract;
let known: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  contract = await open();
  known = await prepare();
});
afterAll(async () => contract.close());

/** What the refusals are about. */
async function prepare() {
  const { stripe, things } = contract;
  const { id: customer } = await things.customer();
  const { id: deleted } = await things.customer();
  await stripe.customers.del(deleted);
  const { product, prices } = await things.plan(2900, 1900, 900);
  const [price, offered, foreign] = prices.map(({ id }) => id);
  const subscription = await things.subscription(customer, [price!]);
  const cancelling = await things.subscription(customer, [price!], { cancel_at_period_end: true });
  const invoiced = await things.subscription(customer, [price!], {
    collection_method: 'send_invoice',
    days_until_due: 30,
  });
  const { id: configuration } = await things.configuration({
    features: {
      subscription_cancel: { enabled: true },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        products: [{ product: product.id, prices: [price!, offered!] }],
      },
    },
  });
  const { id: allOff } = await things.configuration({
    features: { invoice_history: { enabled: true } },
  });
  return {
    customer,
    deleted,
    price,
    foreign,
    subscription,
    cancelling,
    invoiced,
    configuration,
    allOff,
  };
}

type Expected = {
  status: number | number[];
  type?: string;
  /** None where it is left out. */
  code?: string;
  param?: RegExp;
  message: RegExp;
};

const SESSIONS = '/v1/billing_portal/sessions';
const CONFIGURATIONS = '/v1/billing_portal/configurations';
const NOBODY = 'cus_doesnotexist00';

const session = async (more: object) =>
  contract.raw('POST', SESSIONS, { configuration: known.configuration, ...more });
const flow = async (type: string, details: object, configuration = known.configuration) =>
  session({
    customer: known.customer,
    configuration,
    flow_data: { type, [type]: details },
  });
const creation = async (more: object) =>
  contract.raw('POST', CONFIGURATIONS, {
    features: { invoice_history: { enabled: true } },
    ...more,
  });
const confirm = async (details: object) => {
  const [item] = known.subscription.items.data;
  return flow('subscription_update_confirm', {
    subscription: known.subscription.id,
    items: [{ id: item!.id, ...details }],
  });
};

const missing = (param: RegExp): Omit<Expected, 'message'> => ({
  status: [400, 404],
  code: 'resource_missing',
  param,
});

const refusals: [what: string, call: () => Promise<Answer>, expected: Expected][] = [
  [
    'a customer that never was',
    async () => contract.raw('GET', `/v1/customers/${NOBODY}`),
    { ...missing(/^id$/), status: 404, message: /^No such customer: '\w+'$/ },
  ],
  [
    'a session of a customer that never was',
    async () => session({ customer: NOBODY }),
    { ...missing(/^customer$/), message: /^No such customer: '\w+'$/ },
  ],
  [
    'a session of a customer that was deleted',
    async () => session({ customer: known.deleted }),
    { ...missing(/^customer$/), message: /^No such customer: '\w+'/ },
  ],
  [
    'a configuration that never was',
    async () => session({ customer: known.customer, configuration: 'bpc_doesnotexist' }),
    { ...missing(/^configuration$/), message: /^No such configuration: '\w+'/ },
  ],
  [
    'a subscription that never was, in a flow',
    async () => flow('subscription_cancel', { subscription: 'sub_doesnotexist' }),
    { ...missing(/^flow_data\[subscription_cancel\]\[subscription\]$/), message: /^No such subs/ },
  ],
  [
    'an empty address in a new configuration',
    async () => creation({ business_profile: { privacy_policy_url: '' } }),
    {
      status: 400,
      code: 'parameter_invalid_empty',
      param: /^business_profile\[privacy_policy_url\]$/,
      message: /empty string/,
    },
  ],
  [
    'always_invoice for who cancels',
    async () =>
      creation({
        features: {
          subscription_cancel: {
            enabled: true,
            mode: 'immediately',
            proration_behavior: 'always_invoice',
          },
        },
      }),
    { status: 400, param: /proration_behavior/, message: /proration_behavior|always_invoice/ },
  ],
  [
    'prorations for who cancels at the end of the period',
    async () =>
      creation({
        features: {
          subscription_cancel: {
            enabled: true,
            mode: 'at_period_end',
            proration_behavior: 'create_prorations',
          },
        },
      }),
    { status: 400, param: /proration_behavior/, message: /proration_behavior/ },
  ],
  [
    'a flow that is switched off',
    async () => flow('subscription_cancel', { subscription: known.subscription.id }, known.allOff),
    { status: 400, message: /in the portal configuration is disabled/ },
  ],
  [
    'cancelling what is being cancelled',
    async () => flow('subscription_cancel', { subscription: known.cancelling.id }),
    { status: 400, message: /already set to be canceled/ },
  ],
  [
    'a change to the plan that there is',
    async () => confirm({ price: known.price, quantity: 1 }),
    { status: 400, message: /no changes to confirm/ },
  ],
  [
    'a change to a price that the portal does not offer',
    async () => confirm({ price: known.foreign, quantity: 1 }),
    { status: 400, message: /does not include the price in its `features\[subscription_update\]/ },
  ],
  [
    'a change of what is paid by invoice',
    async () => flow('subscription_update', { subscription: known.invoiced.id }),
    { status: 400, message: /cannot be updated/ },
  ],
  [
    'an event as a cursor that never was',
    async () => contract.raw('GET', '/v1/events', { ending_before: 'evt_doesnotexist', limit: 1 }),
    {
      status: [400, 404],
      code: 'resource_missing',
      param: /./,
      message: /^No such (?:event|noti)/,
    },
  ],
  [
    'a customer as a cursor that never was',
    async () => contract.raw('GET', '/v1/customers', { starting_after: NOBODY, limit: 1 }),
    { ...missing(/^starting_after$/), message: /^No such customer/ },
  ],
  [
    'five levels of expansion',
    async () =>
      contract.raw('GET', '/v1/subscriptions', { expand: ['data.items.data.price.product'] }),
    { status: 400, message: /more than 4 levels/ },
  ],
  [
    'an expansion that there is not',
    async () => contract.raw('GET', '/v1/customers', { expand: ['data.nickname'] }),
    { status: 400, message: /cannot be expanded/ },
  ],
  [
    'a parameter that there is not',
    async () => session({ customer: known.customer, colour: 'red' }),
    { status: 400, code: 'parameter_unknown', param: /^colour$/, message: /unknown parameter/ },
  ],
  [
    'an address to return to that is none',
    async () => session({ customer: known.customer, return_url: 'shop.example' }),
    { status: 400, code: 'url_invalid', param: /^return_url$/, message: /URL/ },
  ],
  [
    'an address of the API that there is not',
    async () => contract.raw('GET', '/v1/teapots'),
    { status: 404, message: /^Unrecognized request URL \(GET: \/v1\/teapots\)/ },
  ],
];

it.each(refusals)('refuses %s', async (what, call, expected) => {
  const { status, body, headers } = await call();
  expect([expected.status].flat()).toContain(status);
  const { error } = body;
  expect(error).toMatchObject({ type: expected.type ?? 'invalid_request_error' });
  expect(error!.code).toBe(expected.code);
  if (expected.param) expect(error!.param).toMatch(expected.param);
  expect(error!.message).toMatch(expected.message);
  expect(headers.get('request-id')).toMatch(/^req_/);
  const was = recorded(contract, what, { status, body });
  if (!was) return;
  const { error: now } = recordingOf({ status, body });
  expect({ status, ...now, message: '' }).toEqual({
    status: was.status,
    ...was.error,
    message: '',
  });
  if (now?.message !== was.error?.message) {
    contract.note(`${what}: “${now?.message}” here, “${was.error?.message}” at Stripe`);
  }
});

it('answers a deleted customer with nothing but that it is deleted', async () => {
  const { status, body } = await contract.raw('GET', `/v1/customers/${known.deleted}`);
  expect(status).toBe(200);
  expect(body).toEqual({ id: known.deleted, object: 'customer', deleted: true });
});

it('tells a customer of the other mode from one that never was', async ({ skip }) => {
  const message = /^No such customer: '\w+'; a similar object exists in (live|test) mode/;
  if (contract.kind === 'sandbox') {
    const customer = process.env['STRIPE_CONTRACT_LIVE_CUSTOMER'];
    if (!customer) return skip('Name one of live mode in STRIPE_CONTRACT_LIVE_CUSTOMER.');
    const { body } = await session({ customer });
    expect(body.error).toMatchObject({ code: 'resource_missing', param: 'customer' });
    expect(body.error!.message).toMatch(message);
    return undefined;
  }
  const live = createRaw(contract.apiBase!.origin, STAND_IN_LIVE_KEY);
  const made = await live('POST', '/v1/customers');
  const { body } = await session({ customer: String(made.body['id']) });
  expect(body.error).toMatchObject({ code: 'resource_missing', param: 'customer' });
  expect(body.error!.message).toMatch(message);
  return undefined;
});

describe('keys', () => {
  it('that are wrong are asked for, by an answer that is in no log', async () => {
    const origin = contract.apiBase?.origin ?? 'https://api.stripe.com';
    const raw = createRaw(origin, 'sk_test_wrong0000000000000000000');
    const { status, body, headers } = await raw('GET', '/v1/customers');
    expect(status).toBe(401);
    expect(body.error).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringMatching(/^Invalid API Key provided: sk_test_\*+0000$/),
    });
    expect(body.error).not.toHaveProperty('request_log_url');
    expect(headers.get('www-authenticate')).toMatch(/realm="Stripe"/);
    expect(headers.get('request-id')).toBeNull();
  });
});

it('measures how long a name may be', async () => {
  const statuses = [];
  for (const length of [256, 257]) {
    const { status, body } = await contract.raw('POST', `/v1/customers/${known.customer}`, {
      name: 'n'.repeat(length),
    });
    statuses.push(`${length}: ${status} ${body.error?.message ?? ''}`);
  }
  contract.note(`names of so many characters: ${statuses.join('; ')}`);
  expect(statuses[0]).toBe('256: 200 ');
});
