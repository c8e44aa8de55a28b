import type { Stripe } from 'stripe';
import type { Pricing } from './schema.ts';

type Tax = 'none' | 'included' | 'added' | 'unknown';

/**
 * What kind of price an item has. `fixed` promises that the invoice will say the price's own
 * amount, times the quantity, before discounts.
 */
export function pricingOf(
  item: Stripe.SubscriptionItem,
  subscription: Stripe.Subscription,
  customer: Stripe.Customer,
): Pricing {
  const { price } = item;
  if (price.recurring?.usage_type === 'metered') return 'usage';
  if (price.billing_scheme === 'tiered' || price.transform_quantity !== null) return 'quantity';
  // The amount is in the price's own currency. Those of its others come only expanded.
  if (price.currency !== currencyOf(subscription)) return 'currency';
  const tax = taxOn(item, subscription, customer);
  if (tax === 'added') return 'tax';
  return tax === 'unknown' || !isPlain(item) || subscription.items.has_more ? 'other' : 'fixed';
}

/** The currency that the customer pays in. */
export function currencyOf({ currency, presentment_details: shown }: Stripe.Subscription): string {
  return shown?.presentment_currency ?? currency;
}

/** A trial offer has a price of its own, and Stripe rounds parts of a cent on the invoice. */
function isPlain({ price, quantity, current_trial: trial }: Stripe.SubscriptionItem): boolean {
  const hasAmount = price.unit_amount !== null && price.recurring !== null;
  return hasAmount && quantity !== undefined && !trial;
}

/** Rates and automatic tax exclude each other. No tax is added for customers who are exempt. */
function taxOn(
  { price, tax_rates: own }: Stripe.SubscriptionItem,
  {
    automatic_tax: automatic,
    default_tax_rates: general,
    managed_payments: managed,
  }: Stripe.Subscription,
  { tax_exempt: exemption }: Stripe.Customer,
): Tax {
  const isExempt = exemption === 'exempt' || exemption === 'reverse';
  const rates = own?.length ? own : (general ?? []);
  const charged = rates.filter(({ percentage, flat_amount: flat }) => percentage > 0 || flat);
  const taxes = charged.map(({ inclusive }): Tax => (inclusive ? 'included' : 'added'));
  if (automatic.enabled || managed?.enabled) taxes.push(automaticTax(price));
  if (isExempt) return taxes.every((tax) => tax === 'added') ? 'none' : 'unknown';
  return taxes.find((tax) => tax !== 'included') ?? (taxes.length > 0 ? 'included' : 'none');
}

/** The account's own setting counts where the price says nothing. */
function automaticTax({ tax_behavior: behavior }: Stripe.Price): Tax {
  if (behavior === 'inclusive') return 'included';
  return behavior === 'exclusive' ? 'added' : 'unknown';
}
