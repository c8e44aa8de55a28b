import { notModelled, refuse } from './errors.ts';
import type { Permission } from './keys.ts';
import type { State } from '../state.ts';

type Fields = Record<string, unknown>;

/** What can be expanded, and to which type. What leads to `nothing` is always null here. */
const expandable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  customer: {
    default_source: 'nothing',
    discount: 'discount',
    subscriptions: 'list:subscription',
    tax: 'nothing',
  },
  subscription: {
    customer: 'customer',
    default_payment_method: 'nothing',
    discounts: 'discount',
    items: 'list:subscription_item',
    latest_invoice: 'invoice',
    pending_setup_intent: 'nothing',
    schedule: 'subscription_schedule',
  },
  invoice: {
    customer: 'customer',
    discounts: 'discount',
    payments: 'list:invoice_payment',
  },
  invoice_payment: { invoice: 'invoice', payment: 'invoice_payment.payment' },
  'invoice_payment.payment': { payment_intent: 'payment_intent' },
  payment_intent: { customer: 'customer' },
  subscription_item: { discounts: 'discount', price: 'price' },
  discount: { promotion_code: 'promotion_code', source: 'discount.source' },
  'discount.source': { coupon: 'coupon' },
  price: { currency_options: 'nothing', product: 'product', tiers: 'nothing' },
  product: { default_price: 'nothing', tax_code: 'nothing' },
  'billing_portal.session': { configuration: 'billing_portal.configuration' },
  'billing_portal.configuration': { features: 'features' },
  features: { subscription_update: 'subscription_update' },
  subscription_update: { products: 'nothing' },
};

/** What a restricted key needs besides to have an object of this type expanded. */
const readable: Readonly<Record<string, Permission>> = {
  customer: 'rak_customer_read',
  'list:subscription': 'rak_subscription_read',
  price: 'rak_plan_read',
  product: 'rak_product_read',
  coupon: 'rak_coupon_read',
  invoice: 'rak_invoice_read',
  payment_intent: 'rak_payment_intent_read',
  promotion_code: 'rak_promotion_code_read',
  subscription_schedule: 'rak_subscription_read',
};

/** The rights to read whatever these paths lead to: an expansion is a read of its own. */
export function permissionsFor(type: string, paths: readonly string[]): Permission[] {
  const types = paths.flatMap((path) => {
    let reached = type;
    return path.split('.').map((segment) => (reached = memberType(reached, segment) ?? 'nothing'));
  });
  return types.flatMap((reached) => readable[reached] ?? []);
}

/** Refuses wrong paths, which has to come before any work is done. */
export function checkExpansion(type: string, paths: readonly string[]): void {
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > 4) {
      refuse(`You cannot expand more than 4 levels of a property. Property: ${path}`);
    }
    checkPath(type, segments);
  }
}

/** A copy of the object with the named properties expanded, as the API answers it. */
export function expand(
  state: State,
  type: string,
  object: object,
  paths: readonly string[],
): unknown {
  const answer: Fields = structuredClone({ ...object });
  if (
    type.endsWith('billing_portal.configuration') &&
    !paths.some((path) => path.endsWith('.products'))
  ) {
    omitProducts(answer);
  }
  for (const path of paths) expandPath(state, type, answer, path.split('.'));
  return answer;
}

// A list that is answered only to who asks for it: `products` is optional in Stripe's client.
function omitProducts(answer: Fields): void {
  const configurations = Array.isArray(answer['data']) ? answer['data'] : [answer];
  for (const { features } of configurations) delete features.subscription_update.products;
}

// Checked against the types, not the data: an empty list refuses a wrong path all the same.
function checkPath(root: string, segments: readonly string[]): void {
  let type = root;
  for (const [index, segment] of segments.entries()) {
    const next = memberType(type, segment);
    const isLast = index === segments.length - 1;
    if (next === undefined || (isLast && type.startsWith('list:'))) {
      const suggestion = type.startsWith('list:') && memberType(type.slice(5), segment);
      const hint = suggestion ? ` You may want to try expanding 'data.${segment}' instead.` : '';
      refuse(`This property cannot be expanded (${segment}).${hint}`);
    }
    type = next;
  }
}

function memberType(type: string, segment: string): string | undefined {
  if (type.startsWith('list:')) return segment === 'data' ? type.slice(5) : undefined;
  return expandable[type]?.[segment];
}

function expandPath(state: State, type: string, target: Fields, segments: readonly string[]): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) return;
  const next = memberType(type, segment) ?? 'nothing';
  const value = target[segment];
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) =>
      typeof item === 'string' ? load(state, next, item) : item,
    );
    target[segment] = items;
    for (const item of items.filter(isFields)) expandPath(state, next, item, rest);
    return;
  }
  if (type === 'customer' && segment === 'subscriptions') {
    target[segment] ??= subscriptionsOf(state, String(target['id']));
  } else if (type === 'invoice' && segment === 'payments') {
    target[segment] ??= paymentsOf(state, String(target['id']));
  } else if (typeof value === 'string') {
    if (next === 'nothing') throw notModelled(`the expansion of ${type}.${segment}`);
    target[segment] = load(state, next, value) ?? value;
  }
  const member = target[segment];
  if (isFields(member)) expandPath(state, next, member, rest);
}

function load(state: State, type: string, id: string): unknown {
  if (type === 'customer') {
    const customer = state.customers.get(id);
    return customer?.deleted ? { id, object: 'customer', deleted: true } : clone(customer);
  }
  if (type === 'discount') return clone(state.discounts.get(id));
  if (type === 'invoice') return clone(state.invoices.get(id));
  if (type === 'payment_intent') return clone(state.paymentIntents.get(id));
  if (type === 'coupon') return clone(state.coupons.get(id));
  if (type === 'promotion_code') return clone(state.promotionCodes.get(id));
  if (type === 'subscription_schedule') return clone(state.schedules.get(id));
  if (type === 'product') return clone(state.products.get(id));
  return clone(state.configurations.get(id));
}

function subscriptionsOf(state: State, customer: string) {
  const current = state
    .subscriptionsOf(customer)
    .filter(({ status }) => status !== 'canceled')
    .toReversed();
  const data = structuredClone(current.slice(0, 10));
  const url = `/v1/customers/${customer}/subscriptions`;
  return { object: 'list', data, has_more: current.length > data.length, url };
}

function paymentsOf(state: State, invoice: string) {
  const data = [...state.invoicePayments.values()].filter((each) => each.invoice === invoice);
  const url = `/v1/invoice_payments?invoice=${invoice}`;
  return { object: 'list', data: structuredClone(data), has_more: false, url };
}

function clone<Value>(value: Value): Value {
  return structuredClone(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
