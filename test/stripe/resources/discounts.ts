import { find } from '../protocol/find.ts';
import { invalid } from '../protocol/errors.ts';
import { redeem } from './coupons.ts';
import type { Redeemed } from './coupons.ts';
import type { State } from '../state.ts';

export type DiscountInput = {
  coupon?: string | undefined;
  promotion_code?: string | undefined;
};

type Place = { state: State; livemode: boolean };

/** The id of the discount that a coupon or a promotion code gives; `name` is the parameter's. */
export function redeemFor(
  { state, livemode }: Place,
  { coupon, promotion_code: code }: DiscountInput,
  redeemed: Redeemed,
  name: string,
): string {
  if ((coupon === undefined) === (code === undefined)) {
    throw invalid(name, 'You must pass one of coupon or promotion_code.');
  }
  if (code === undefined) {
    const found = find(state.coupons, livemode, 'coupon', coupon ?? '', `${name}[coupon]`);
    return redeem(state, found, redeemed).id;
  }
  const param = `${name}[promotion_code]`;
  const promotion = find(state.promotionCodes, livemode, 'promotion code', code, param);
  const named = promotion.promotion.coupon;
  const given = find(state.coupons, livemode, 'coupon', named, param);
  promotion.times_redeemed += 1;
  return redeem(state, given, { ...redeemed, promotionCode: code }).id;
}
