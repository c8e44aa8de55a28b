import type { Stripe } from 'stripe';
import { isForbidden, isMissing } from '../../stripe/faults.ts';

export type CouponState = 'valid' | 'ended' | 'missing' | 'unreadable';

/** Whether a coupon can be offered, in the mode of the key. */
export async function lookAtCoupon(stripe: Stripe, id: string): Promise<CouponState> {
  try {
    return (await stripe.coupons.retrieve(id)).valid ? 'valid' : 'ended';
  } catch (error) {
    if (isForbidden(error)) return 'unreadable';
    if (isMissing(error, 'coupon')) return 'missing';
    throw error;
  }
}

/** What is wrong with a coupon, to show to the operator. */
export const couponProblem = {
  missing: 'does not exist in this mode',
  ended: 'can no longer be redeemed',
} as const;
