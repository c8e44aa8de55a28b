import type { Stripe } from 'stripe';
import { objectOf } from '../protocol/parameters.ts';
import { boolean, emptyable, integer, list, object } from '../protocol/parameters.ts';
import { oneOf, required, string, text } from '../protocol/parameters.ts';
import { metadata, paymentMethod } from '../protocol/common-parameters.ts';
import type { Rule } from '../protocol/parameters.ts';

/** A moment in seconds, or one of the given words. */
export function momentOr<const Word extends string>(...words: Word[]): Rule<number | Word> {
  return (input, name) => words.find((word) => word === input) ?? integer()(input, name);
}

/** When a subscription is to end. */
export const cancelAt = momentOr('max_period_end', 'min_period_end');

const endBehavior = object({
  billing_cycle_anchor: oneOf('now', 'unchanged'),
  missing_payment_method: required(oneOf('cancel', 'create_invoice', 'pause')),
});

const automaticTax = objectOf<Stripe.SubscriptionCreateParams.AutomaticTax>()(
  { enabled: required(boolean) },
  { liability: true },
);

const discount = objectOf<Stripe.SubscriptionCreateParams.Discount>();
/** Coupons, or the codes that customers enter. */
export const discounts = list(
  discount({ coupon: string, promotion_code: string }, { discount: true }),
);

/** What can be said of a subscription when it is created as well as later. */
export const subscriptionFields = {
  automatic_tax: automaticTax,
  cancel_at_period_end: boolean,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: integer(),
  default_payment_method: paymentMethod,
  default_tax_rates: list(string),
  discounts,
  metadata,
  payment_behavior: oneOf(
    'allow_incomplete',
    'default_incomplete',
    'error_if_incomplete',
    'pending_if_incomplete',
  ),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  trial_end: momentOr('now'),
  trial_settings: object({ end_behavior: required(endBehavior) }),
};

export const description = text(500);

const itemFields = { discounts, price: string, quantity: integer(), tax_rates: list(string) };
const unmodelledOfItems = {
  billing_thresholds: true,
  current_trial: true,
  plan: true,
  price_data: true,
} as const;

const newItemFields = objectOf<Stripe.SubscriptionCreateParams.Item>();
export const createItems = required(
  list(newItemFields({ ...itemFields, metadata }, unmodelledOfItems)),
);

const changedItemFields = objectOf<Stripe.SubscriptionUpdateParams.Item>();
export const updateItemInputs = list(
  changedItemFields(
    { ...itemFields, deleted: boolean, id: string },
    { ...unmodelledOfItems, clear_usage: true, metadata: true },
  ),
);

export const pauseCollection = emptyable(
  object({
    behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')),
    resumes_at: integer(),
  }),
);

/** Stripe's parameters that neither creating nor updating has here. */
export const unmodelled = {
  add_invoice_items: true,
  application_fee_percent: true,
  billing_schedules: true,
  billing_thresholds: true,
  default_source: true,
  invoice_settings: true,
  off_session: true,
  on_behalf_of: true,
  payment_settings: true,
  pending_invoice_item_interval: true,
  transfer_data: true,
  trial_from_plan: true,
} as const;
