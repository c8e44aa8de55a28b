import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { integer, oneOf, string, text } from '../protocol/parameters.ts';
import { invalid } from '../protocol/errors.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId, randomWord } from '../identifiers.ts';
import type { Coupon, Discount } from '../objects.ts';
import type { Decoded } from '../protocol/form.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';

const path = '/v1/coupons';

/** A part of a hundred, such as 12.5. */
function percent(input: Decoded, name: string): number {
  const value = Number(input);
  if (value > 0 && value <= 100) return value;
  throw invalid(name, `Invalid decimal: ${JSON.stringify(input)}; must be between 0 and 100.`);
}

const createParameters = {
  amount_off: integer(1),
  currency: string,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: integer(1),
  id: string,
  metadata,
  name: text(40),
  percent_off: percent,
};

export const coupons: readonly Endpoint[] = [
  endpoint<Stripe.CouponCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_coupon_write',
    parameters: createParameters,
    unmodelled: {
      applies_to: true,
      currency_options: true,
      max_redemptions: true,
      redeem_by: true,
    },
    returns: 'coupon',
    answer({ state, livemode, parameters }) {
      const { amount_off: amount, percent_off: part } = parameters;
      if ((amount === undefined) === (part === undefined)) {
        throw invalid('percent_off', 'Must provide percent_off or amount_off, and not both.');
      }
      const coupon: Coupon = {
        id: parameters.id ?? randomWord(8),
        object: 'coupon',
        amount_off: amount ?? null,
        created: state.seconds(),
        currency: parameters.currency ?? null,
        duration: parameters.duration ?? 'once',
        duration_in_months: parameters.duration_in_months ?? null,
        livemode,
        max_redemptions: null,
        metadata: mergeMetadata({}, parameters.metadata),
        name: parameters.name ?? null,
        percent_off: part ?? null,
        redeem_by: null,
        times_redeemed: 0,
        valid: true,
      };
      state.coupons.set(coupon.id, coupon);
      return coupon;
    },
  }),
  endpoint<Stripe.CouponRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_coupon_read',
    parameters: {},
    unmodelled: {},
    returns: 'coupon',
    answer: ({ state, livemode, id }) => find(state.coupons, livemode, 'coupon', id),
  }),
  endpoint<Stripe.CouponDeleteParams>()({
    method: 'DELETE',
    path: `${path}/:id`,
    permission: 'rak_coupon_write',
    parameters: {},
    unmodelled: {},
    returns: 'coupon',
    answer({ state, livemode, id }) {
      find(state.coupons, livemode, 'coupon', id);
      state.coupons.delete(id);
      return { id, object: 'coupon', deleted: true };
    },
  }),
];

export type Redeemed = {
  customer: string;
  subscription?: string;
  item?: string;
  promotionCode?: string;
};

/** A coupon as a customer, a subscription or an item of one has it. */
export function redeem(
  state: State,
  coupon: Coupon,
  { customer, subscription, item, promotionCode }: Redeemed,
): Discount {
  coupon.times_redeemed += 1;
  const discount: Discount = {
    id: newId('di'),
    object: 'discount',
    checkout_session: null,
    customer,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: promotionCode ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: state.seconds(),
    subscription: subscription ?? null,
    subscription_item: item ?? null,
  };
  state.discounts.set(discount.id, discount);
  return discount;
}
