import type { Stripe } from 'stripe';
import { isForbidden, toBillingError } from '../../stripe/faults.ts';
import type { Mode } from '../settings.ts';
import { combined, type Problem } from './combined.ts';
import { ok, skipped, type Finding } from './finding.ts';
import type { Read } from './portal-configuration.ts';

const SHOWN = 5;

/** Whether people can change to each plan that is for sale, where portals let them change. */
export async function examinePlans(
  read: readonly Read[],
  stripe: Stripe,
  mode: Mode,
): Promise<Finding> {
  const changing = read.filter(({ configuration }) => letsChange(configuration));
  if (changing.length === 0) return ok('portal_plans', 'No portal lets people change plans.');
  const empty = changing.filter(({ configuration }) => pricesIn(configuration).length === 0);
  const problems = empty.map(({ portal }): Problem => ({
    outcome: 'warning',
    found: `${portal.name} lets people change plans, and lists none.`,
    next: 'List them in [products] of portal.toml and run setup again.',
  }));
  const listed = new Set(changing.flatMap(({ configuration }) => pricesIn(configuration)));
  const sold = await plansForSale(stripe, mode);
  if (!sold) {
    const unseen = 'The key may not read prices (rak_plan_read): what is for sale is not known.';
    return problems.length > 0
      ? combined('portal_plans', problems, unseen)
      : skipped('portal_plans', unseen);
  }
  const unlisted = sold.filter((id) => !listed.has(id));
  if (unlisted.length > 0) {
    const more = unlisted.length > SHOWN ? `, and ${unlisted.length - SHOWN} more` : '';
    problems.push({
      outcome: 'warning',
      found: `For sale, and in no portal: ${unlisted.slice(0, SHOWN).join(', ')}${more}. Nobody can change to them.`,
      next: 'List them in [products] of portal.toml and run setup again, or archive what you no longer sell.',
    });
  }
  return combined('portal_plans', problems, `All ${sold.length} plans for sale are listed.`);
}

function letsChange({
  features: { subscription_update: update },
}: Stripe.BillingPortal.Configuration) {
  return update.enabled && update.default_allowed_updates.includes('price');
}

const pricesIn = ({ features }: Stripe.BillingPortal.Configuration) =>
  (features.subscription_update.products ?? []).flatMap(({ prices }) => prices);

/** Recurring prices of products that are sold; undefined if the key may not read them. */
async function plansForSale(stripe: Stripe, mode: Mode): Promise<string[] | undefined> {
  const plans: string[] = [];
  try {
    const all = stripe.prices.list({
      active: true,
      type: 'recurring',
      limit: 100,
      expand: ['data.product'],
    });
    for await (const { id, product } of all) {
      const isSold = typeof product === 'string' || (!product.deleted && product.active);
      if (isSold) plans.push(id);
    }
    return plans;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw toBillingError(error, mode === 'live');
  }
}
