import { diagnose } from './diagnose.ts';
import type { Workplace } from './workplace.ts';

/** Gives the key what it may do without: reading plans and coupons. */
export function letReadPlans({ stripe, key }: Workplace): void {
  const { permissions } = stripe.state.keys.get(key)!;
  for (const name of ['rak_plan_read', 'rak_coupon_read']) permissions!.add(name);
}

/** A plan that the account sells each month. */
export async function makePlan({ api }: Workplace, name: string) {
  const { id: product } = await api.products.create({ name });
  const { id: price } = await api.prices.create({
    product,
    currency: 'usd',
    unit_amount: 900,
    recurring: { interval: 'month' },
  });
  return { product, price };
}

/** What doctor says of one check. */
export async function lookAt(workplace: Workplace, check: string) {
  const { checks } = await diagnose(workplace);
  const { outcome, found, next } = checks.find((each) => each.check === check)!;
  return { outcome, found, next };
}

/** The setting PORTALS of the Worker on this machine. */
export const portalsNow = (workplace: Workplace): { name: string; id: string }[] =>
  JSON.parse(workplace.localVariables()['PORTALS']!);

/** What Stripe has for a portal. */
export function configurationOf(workplace: Workplace, name: string) {
  const { id } = portalsNow(workplace).find((each) => each.name === name)!;
  return workplace.stripe.state.configurations.get(id)!;
}
