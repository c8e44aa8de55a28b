import { find } from '../protocol/find.ts';
import { invalid } from '../protocol/errors.ts';
import type { Features } from '../portal-objects.ts';
import type { State } from '../state.ts';

type Offered = NonNullable<Features['subscription_update']['products']>;

export type OfferedInput = {
  product: string;
  prices: string[];
  adjustable_quantity?:
    | { enabled: boolean; maximum?: number | undefined; minimum?: number | undefined }
    | undefined;
};

/** The plans that customers may change between; each must be there, and be of its product. */
export function readProducts(state: State, livemode: boolean, given: OfferedInput[]): Offered {
  const name = 'features[subscription_update][products]';
  if (given.length > 10) throw invalid(name, 'Invalid array: must have at most 10 elements.');
  return given.map(({ product, prices, adjustable_quantity: quantity }, index) => {
    find(state.products, livemode, 'product', product, `${name}[${index}][product]`);
    const intervals = new Set<string>();
    for (const [position, id] of prices.entries()) {
      const param = `${name}[${index}][prices][${position}]`;
      const price = find(state.prices, livemode, 'price', id, param);
      if (price.product !== product) {
        throw invalid(param, `The price \`${id}\` does not belong to the product \`${product}\`.`);
      }
      intervals.add(`${price.recurring?.interval_count} ${price.recurring?.interval}`);
    }
    // Two monthly prices of one product leave the customer no choice that the portal could show.
    if (intervals.size < prices.length) {
      const message = `The product \`${product}\` cannot be offered: its price must have unique billing intervals.`;
      throw invalid(`${name}[${index}][prices]`, message);
    }
    const { minimum = 1, maximum = Infinity } = quantity ?? {};
    if (minimum > maximum) {
      const param = `${name}[${index}][adjustable_quantity][minimum]`;
      throw invalid(param, 'The minimum quantity must not be greater than the maximum quantity.');
    }
    return {
      adjustable_quantity: {
        enabled: quantity?.enabled ?? false,
        maximum: quantity?.maximum ?? null,
        minimum: quantity?.minimum ?? 1,
      },
      prices,
      product,
    };
  });
}
