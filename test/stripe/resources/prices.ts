import type { Stripe } from 'stripe';
import { boolean, integer, objectOf, oneOf, required, string } from '../protocol/parameters.ts';
import { change, emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { mergeMetadata, metadata, pagination } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Price } from '../objects.ts';

const path = '/v1/prices';
const fields = { active: boolean, lookup_key: string, metadata, nickname: string };
const recurringFields = {
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer(1),
  trial_period_days: integer(1),
  usage_type: oneOf('licensed'),
};
const recurring = objectOf<Stripe.PriceCreateParams.Recurring>()(recurringFields, { meter: true });

export const prices: readonly Endpoint[] = [
  endpoint<Stripe.PriceCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_plan_write',
    parameters: {
      ...fields,
      currency: required(string),
      product: required(string),
      recurring,
      unit_amount: required(integer(0)),
    },
    unmodelled: {
      billing_scheme: true,
      currency_options: true,
      custom_unit_amount: true,
      product_data: true,
      tax_behavior: true,
      tiers: true,
      tiers_mode: true,
      transfer_lookup_key: true,
      transform_quantity: true,
      unit_amount_decimal: true,
    },
    returns: 'price',
    answer(call) {
      const { state, livemode, parameters } = call;
      const { id: product } = find(
        state.products,
        livemode,
        'product',
        parameters.product,
        'product',
      );
      const price: Price = {
        id: newId('price'),
        object: 'price',
        active: parameters.active ?? true,
        created: state.seconds(),
        currency: parameters.currency.toLowerCase(),
        livemode,
        lookup_key: parameters.lookup_key ?? null,
        metadata: mergeMetadata({}, parameters.metadata),
        nickname: parameters.nickname ?? null,
        product,
        recurring: parameters.recurring
          ? {
              interval: parameters.recurring.interval,
              interval_count: parameters.recurring.interval_count ?? 1,
              meter: null,
              trial_period_days: parameters.recurring.trial_period_days ?? null,
              usage_type: 'licensed',
            }
          : null,
        unit_amount: parameters.unit_amount,
        unit_amount_decimal: String(parameters.unit_amount),
        type: parameters.recurring ? 'recurring' : 'one_time',
        ...unchanging,
      };
      state.prices.set(price.id, price);
      emit(call, 'price.created', price);
      return price;
    },
  }),
  endpoint<Stripe.PriceListParams>()({
    method: 'GET',
    path,
    permission: 'rak_plan_read',
    parameters: { ...pagination, active: boolean, product: string },
    unmodelled: { created: true, currency: true, lookup_keys: true, recurring: true, type: true },
    returns: 'list:price',
    answer({ state, livemode, parameters }) {
      const { active, product } = parameters;
      const found = newestFirst(state.prices.values(), livemode)
        .filter((price) => active === undefined || price.active === active)
        .filter((price) => product === undefined || price.product === product);
      return paginate(found, parameters, 'price', path);
    },
  }),
  endpoint<Stripe.PriceRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_plan_read',
    parameters: {},
    unmodelled: {},
    returns: 'price',
    answer: ({ state, livemode, id }) => find(state.prices, livemode, 'price', id),
  }),
  endpoint<Stripe.PriceUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_plan_write',
    parameters: fields,
    unmodelled: { currency_options: true, tax_behavior: true, transfer_lookup_key: true },
    returns: 'price',
    answer(call) {
      const price = find(call.state.prices, call.livemode, 'price', call.id);
      const { metadata: pairs, active, lookup_key: lookupKey, nickname } = call.parameters;
      change(call, 'price.updated', price, {
        active: active ?? price.active,
        lookup_key: lookupKey ?? price.lookup_key,
        metadata: pairs === undefined ? price.metadata : mergeMetadata(price.metadata, pairs),
        nickname: nickname ?? price.nickname,
      });
      return price;
    },
  }),
];

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  billing_scheme: 'per_unit',
  custom_unit_amount: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
} as const;
