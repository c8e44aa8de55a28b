import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId, randomWord } from '../identifiers.ts';
import { object, oneOf, required, string } from '../protocol/parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { PromotionCode } from '../objects.ts';

export const promotionCodes: readonly Endpoint[] = [
  endpoint<Stripe.PromotionCodeCreateParams>()({
    method: 'POST',
    path: '/v1/promotion_codes',
    permission: 'rak_promotion_code_write',
    parameters: {
      code: string,
      metadata,
      promotion: required(object({ coupon: required(string), type: required(oneOf('coupon')) })),
    },
    unmodelled: {
      active: true,
      customer: true,
      customer_account: true,
      expires_at: true,
      max_redemptions: true,
      restrictions: true,
    },
    returns: 'promotion_code',
    answer({ state, livemode, parameters }) {
      const { code = randomWord(8), metadata: pairs, promotion } = parameters;
      find(state.coupons, livemode, 'coupon', promotion.coupon, 'promotion[coupon]');
      const created: PromotionCode = {
        id: newId('promo'),
        object: 'promotion_code',
        active: true,
        code,
        created: state.seconds(),
        customer: null,
        customer_account: null,
        expires_at: null,
        livemode,
        max_redemptions: null,
        metadata: mergeMetadata({}, pairs),
        promotion,
        restrictions: {
          currency_options: {},
          first_time_transaction: false,
          minimum_amount: null,
          minimum_amount_currency: null,
        },
        times_redeemed: 0,
      };
      state.promotionCodes.set(created.id, created);
      return created;
    },
  }),
];
