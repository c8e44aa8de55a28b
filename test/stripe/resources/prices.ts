import type { Stripe } from 'stripe';
import { boolean, integer, list, objectOf, oneOf, required } from '../protocol/parameters.ts';
import { object, string } from '../protocol/parameters.ts';
import { change, emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { invalid } from '../protocol/errors.ts';
import { isObject, scalar } from '../protocol/parameters.ts';
import { mergeMetadata, metadata, pagination } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { CurrencyOptions, Price } from '../objects.ts';
import type { Rule, Values } from '../protocol/parameters.ts';

const path = '/v1/prices';
const fields = { active: boolean, lookup_key: string, metadata, nickname: string };
const recurringFields = {
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer(1),
  meter: string,
  trial_period_days: integer(1),
  usage_type: oneOf('licensed', 'metered'),
};
const recurring = objectOf<Stripe.PriceCreateParams.Recurring>()(recurringFields, {});

/** An amount with up to twelve decimals, as text. */
const decimal: Rule<string> = (input, name) => {
  const text = scalar(input, name, 'decimal');
  if (/^\d+(?:\.\d{1,12})?$/.test(text)) return text;
  throw invalid(name, `Invalid decimal: ${text}`);
};

const option = objectOf<Stripe.PriceCreateParams.CurrencyOptions>()(
  { unit_amount: required(integer(0)) },
  { custom_unit_amount: true, tax_behavior: true, tiers: true, unit_amount_decimal: true },
);

/** Amounts by currency. */
const currencyOptions: Rule<CurrencyOptions> = (input, name) => {
  if (!isObject(input)) throw invalid(name, 'Invalid object');
  const amounts = Object.entries(input).map(([currency, given]) => {
    return [currency, option(given, `${name}[${currency}]`).unit_amount] as const;
  });
  return Object.fromEntries(amounts);
};

const upTo: Rule<number | 'inf'> = (input, name) =>
  input === 'inf' ? input : integer(1)(input, name);
const tier = objectOf<Stripe.PriceCreateParams.Tier>()(
  { flat_amount: integer(0), unit_amount: integer(0), up_to: required(upTo) },
  { flat_amount_decimal: true, unit_amount_decimal: true },
);

const amountParameters = {
  billing_scheme: oneOf('per_unit', 'tiered'),
  currency_options: currencyOptions,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  tiers: list(tier),
  tiers_mode: oneOf('graduated', 'volume'),
  transform_quantity: object({
    divide_by: required(integer(1)),
    round: required(oneOf('down', 'up')),
  }),
  unit_amount: integer(0),
  unit_amount_decimal: decimal,
};

const listParameters = {
  ...pagination,
  active: boolean,
  product: string,
  type: oneOf('one_time', 'recurring'),
};

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
      ...amountParameters,
    },
    unmodelled: { custom_unit_amount: true, product_data: true, transfer_lookup_key: true },
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
      const { meter, usage_type: usage } = parameters.recurring ?? {};
      if (usage === 'metered' && meter === undefined) {
        const message = 'Metered prices must be backed by meters: set recurring[meter].';
        throw invalid('recurring[meter]', message);
      }
      if (meter !== undefined) find(state.meters, livemode, 'meter', meter, 'recurring[meter]');
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
              meter: meter ?? null,
              trial_period_days: parameters.recurring.trial_period_days ?? null,
              usage_type: usage ?? 'licensed',
            }
          : null,
        type: parameters.recurring ? 'recurring' : 'one_time',
        custom_unit_amount: null,
        tax_behavior: parameters.tax_behavior ?? 'unspecified',
        transform_quantity: parameters.transform_quantity ?? null,
        ...readAmount(parameters),
      };
      const { currency_options: options } = parameters;
      if (options) state.currencyOptions.set(price.id, options);
      if (parameters.tiers) state.tiers.set(price.id, parameters.tiers);
      state.prices.set(price.id, price);
      emit(call, 'price.created', price);
      return price;
    },
  }),
  endpoint<Stripe.PriceListParams>()({
    method: 'GET',
    path,
    permission: 'rak_plan_read',
    parameters: listParameters,
    unmodelled: { created: true, currency: true, lookup_keys: true, recurring: true },
    returns: 'list:price',
    answer({ state, livemode, parameters }) {
      const { active, product, type } = parameters;
      const found = newestFirst(state.prices.values(), livemode)
        .filter((price) => active === undefined || price.active === active)
        .filter((price) => product === undefined || price.product === product)
        .filter((price) => type === undefined || price.type === type);
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

type Amount = Pick<Price, 'billing_scheme' | 'tiers_mode' | 'unit_amount' | 'unit_amount_decimal'>;

/** The amount of one piece; a tiered price has none, and an amount with decimals no whole one. */
function readAmount(given: Values<typeof amountParameters>): Amount {
  const { tiers, tiers_mode: mode, unit_amount: amount, unit_amount_decimal: text } = given;
  if (given.billing_scheme === 'tiered') {
    if (!tiers || !mode) {
      throw invalid('tiers', 'You must pass tiers and tiers_mode with billing_scheme=tiered.');
    }
    return {
      billing_scheme: 'tiered',
      tiers_mode: mode,
      unit_amount: null,
      unit_amount_decimal: null,
    };
  }
  const decimals = text ?? amount?.toString();
  if (decimals === undefined || (text !== undefined && amount !== undefined)) {
    const message = 'Prices require one of unit_amount, unit_amount_decimal or tiers.';
    throw invalid('unit_amount', message);
  }
  return {
    billing_scheme: 'per_unit',
    tiers_mode: null,
    unit_amount: Number.isInteger(Number(decimals)) ? Number(decimals) : null,
    unit_amount_decimal: decimals,
  };
}
