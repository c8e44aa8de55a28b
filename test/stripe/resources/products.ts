import type { Stripe } from 'stripe';
import { boolean, emptyable, list, required, string, text } from '../protocol/parameters.ts';
import { change, emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { invalid } from '../protocol/errors.ts';
import { mergeMetadata, metadata, pagination } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Product } from '../objects.ts';
import type { Rule } from '../protocol/parameters.ts';

const path = '/v1/products';
const fields = { active: boolean, description: emptyable(text()), metadata };

const ids: Rule<string[]> = (input, name) => {
  const read = list(string)(input, name);
  if (read.length > 100) throw invalid(name, 'Invalid array: must have at most 100 elements.');
  return read;
};

const listParameters = { ...pagination, active: boolean, ids };

export const products: readonly Endpoint[] = [
  endpoint<Stripe.ProductCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_product_write',
    parameters: { ...fields, name: required(text()) },
    unmodelled: {
      default_price_data: true,
      id: true,
      images: true,
      marketing_features: true,
      package_dimensions: true,
      shippable: true,
      statement_descriptor: true,
      tax_code: true,
      tax_details: true,
      type: true,
      unit_label: true,
      url: true,
    },
    returns: 'product',
    answer(call) {
      const { active = true, description = null, name, metadata: pairs } = call.parameters;
      const now = call.state.seconds();
      const product: Product = {
        id: `prod_${newId('').slice(1, 15)}`,
        object: 'product',
        active,
        created: now,
        description,
        livemode: call.livemode,
        metadata: mergeMetadata({}, pairs),
        name,
        updated: now,
        images: [],
        marketing_features: [],
        ...unchanging,
      };
      call.state.products.set(product.id, product);
      emit(call, 'product.created', product);
      return product;
    },
  }),
  endpoint<Stripe.ProductListParams>()({
    method: 'GET',
    path,
    permission: 'rak_product_read',
    parameters: listParameters,
    unmodelled: { created: true, shippable: true, type: true, url: true },
    returns: 'list:product',
    answer({ state, livemode, parameters }) {
      const { active, ids: wantedIds } = parameters;
      if (wantedIds) checkNoCursor(parameters);
      const wanted = newestFirst(state.products.values(), livemode)
        .filter((product) => active === undefined || product.active === active)
        .filter(({ id }) => wantedIds === undefined || wantedIds.includes(id));
      return paginate(wanted, parameters, 'product', path);
    },
  }),
  endpoint<Stripe.ProductRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_product_read',
    parameters: {},
    unmodelled: {},
    returns: 'product',
    answer: ({ state, livemode, id }) => find(state.products, livemode, 'product', id),
  }),
  endpoint<Stripe.ProductUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_product_write',
    parameters: { ...fields, name: text() },
    unmodelled: {
      default_price: true,
      images: true,
      marketing_features: true,
      package_dimensions: true,
      shippable: true,
      statement_descriptor: true,
      tax_code: true,
      tax_details: true,
      unit_label: true,
      url: true,
    },
    returns: 'product',
    answer(call) {
      const product = find(call.state.products, call.livemode, 'product', call.id);
      const { active, description, name, metadata: pairs } = call.parameters;
      change(call, 'product.updated', product, {
        active: active ?? product.active,
        description: description === undefined ? product.description : description,
        metadata: pairs === undefined ? product.metadata : mergeMetadata(product.metadata, pairs),
        name: name ?? product.name,
        updated: call.state.seconds(),
      });
      return product;
    },
  }),
];

function checkNoCursor(page: { starting_after?: unknown; ending_before?: unknown }): void {
  for (const cursor of ['starting_after', 'ending_before'] as const) {
    if (page[cursor] === undefined) continue;
    throw invalid('ids', `You may only specify one of these parameters: ids, ${cursor}.`);
  }
}

// Present in every answer of Stripe's, never anything else here.
const unchanging = {
  default_price: null,
  package_dimensions: null,
  shippable: null,
  statement_descriptor: null,
  tax_code: null,
  tax_details: null,
  type: 'service',
  unit_label: null,
  url: null,
} as const;
