import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { features } from './features.ts';
import { count, flag, listOf, page, strict, table, text, type Item } from './fields.ts';

type Params = Stripe.BillingPortal.ConfigurationCreateParams &
  Stripe.BillingPortal.ConfigurationUpdateParams;
type Product = Item<
  NonNullable<NonNullable<Params['features']>['subscription_update']>['products']
>;
type Profile = NonNullable<Params['business_profile']>;

const id = v.pipe(text, v.regex(/^[\w-]+$/, 'give an id of Stripe, as its dashboard shows it'));
const ids = v.pipe(listOf(id), v.minLength(1, 'it names nothing: give ids, or leave it out'));

const plan = table<Product>()({
  product: id,
  prices: v.pipe(listOf(id), v.minLength(1, 'name at least one price')),
  adjustable_quantity: v.exactOptional(
    v.pipe(
      table<NonNullable<Product['adjustable_quantity']>>()({
        enabled: flag,
        minimum: v.exactOptional(count(0)),
        maximum: v.exactOptional(count(1)),
      }),
      v.forward(
        v.check(
          ({ minimum = 0, maximum = Infinity }) => minimum <= maximum,
          'it is above the maximum: make it smaller, or the maximum larger',
        ),
        ['minimum'],
      ),
    ),
  ),
});

const plans = v.pipe(
  listOf(plan),
  v.maxLength(10, 'Stripe takes ten products at most'),
  v.check(
    (given) => new Set(given.map(({ product }) => product)).size === given.length,
    'a product is listed twice: list all of its prices in one place',
  ),
);

/** What differs between the modes: Stripe's ids. */
const byMode = <Value extends v.GenericSchema>(value: Value) =>
  strict({ test: value, live: value });

// Stripe's limits of metadata. The Worker's own marks are not the file's.
const metadata = v.record(
  v.pipe(
    text,
    v.maxLength(40, 'use at most 40 characters for a key'),
    v.check((key) => !key.startsWith('portal_link'), 'setup itself writes the keys portal_link…'),
  ),
  v.pipe(text, v.maxLength(500, 'use at most 500 characters')),
  'write a table',
);

// Names and values are Stripe's own, so that its documentation explains them.
// https://docs.stripe.com/api/customer_portal/configurations/create
export const PortalSettings = table<
  Omit<Params, 'active' | 'expand'> & { products: unknown; retention_coupon: unknown }
>()({
  default_return_url: v.exactOptional(page),
  name: v.exactOptional(text),
  business_profile: table<Profile>()({
    headline: v.pipe(text, v.maxLength(60, 'use at most 60 characters')),
    privacy_policy_url: page,
    terms_of_service_url: page,
  }),
  features,
  login_page: v.exactOptional(table<NonNullable<Params['login_page']>>()({ enabled: flag })),
  metadata: v.exactOptional(metadata),
  products: byMode(plans),
  retention_coupon: v.exactOptional(byMode(v.exactOptional(text))),
});

export type PortalSettings = v.InferOutput<typeof PortalSettings>;

const namesSomething = 'a rule names who it is for: give it roles, products or prices';

/** Who gets a portal: all of it must hold; of each list, one entry. */
const rule = v.pipe(
  strict({
    roles: v.exactOptional(
      v.pipe(
        listOf(v.pipe(text, v.regex(/\S/, 'write the name of a role'))),
        v.minLength(1, 'it names nothing: give roles, or leave it out'),
      ),
    ),
    products: v.exactOptional(byMode(v.exactOptional(ids))),
    prices: v.exactOptional(byMode(v.exactOptional(ids))),
  }),
  v.check(({ roles, products, prices }) => {
    const lists = [roles, products?.test, products?.live, prices?.test, prices?.live];
    return lists.some((list) => list !== undefined);
  }, namesSomething),
);

export const Rules = v.pipe(listOf(rule), v.minLength(1, namesSomething));

export type FileRule = v.InferOutput<typeof rule>;
