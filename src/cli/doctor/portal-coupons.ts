import type { Stripe } from 'stripe';
import type { Portals } from '../../portal/portals.ts';
import { calling } from '../../stripe/faults.ts';
import { couponProblem, lookAtCoupon } from '../portal/coupon.ts';
import { inOrder } from '../portal/written.ts';
import type { Mode } from '../settings.ts';
import { combined, type Problem } from './combined.ts';
import type { Finding } from './finding.ts';

/** Whether the coupons that people are offered when they come to cancel can be redeemed. */
export async function examineCoupons(
  portals: Portals,
  stripe: Stripe,
  mode: Mode,
): Promise<Finding> {
  const coupons = new Set(inOrder(portals).flatMap(({ coupon }) => coupon ?? []));
  const problems: Problem[] = [];
  for (const coupon of coupons) {
    const state = await calling(mode === 'live', async () => lookAtCoupon(stripe, coupon));
    if (state === 'valid') continue;
    if (state === 'unreadable') {
      const found = `The key may not read coupons (rak_coupon_read): whether ${coupon} exists is not known.`;
      problems.push({ outcome: 'skipped', found });
      continue;
    }
    problems.push({
      outcome: 'warning',
      found: `The coupon ${coupon} ${couponProblem[state]}: Stripe refuses to offer it.`,
      next: `Name another retention_coupon for ${mode} mode in portal.toml and run setup again.`,
    });
  }
  const otherwise = coupons.size === 0 ? 'None is offered.' : `${[...coupons].join(', ')}.`;
  return combined('portal_coupons', problems, otherwise);
}
