import { boolean, emptyable, integer, list, object } from '../protocol/parameters.ts';
import { oneOf, required, string, text } from '../protocol/parameters.ts';
import { metadata, url } from '../protocol/common-parameters.ts';
import { missing } from '../protocol/errors.ts';
import type { Rule } from '../protocol/parameters.ts';

const product = object({
  adjustable_quantity: object({
    enabled: required(boolean),
    maximum: integer(1),
    minimum: integer(),
  }),
  prices: required(list(string)),
  product: required(string),
});

const subscriptionCancel = object({
  cancellation_reason: object({
    enabled: required(boolean),
    feedback_options: emptyable(list(string)),
    options: emptyable(
      list(
        oneOf(
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ),
      ),
    ),
  }),
  enabled: boolean,
  mode: oneOf('at_period_end', 'immediately'),
  proration_behavior: oneOf('create_prorations', 'none'),
});

const subscriptionPause = object({
  duration: object({
    interval_options: emptyable(
      list(
        object({
          interval: required(oneOf('day', 'month', 'week', 'year')),
          interval_count: integer(1),
        }),
      ),
    ),
    type: required(oneOf('indefinite', 'interval_options')),
  }),
  enabled: boolean,
});

const conditions = list(
  object({ type: required(oneOf('decreasing_item_amount', 'shortening_interval')) }),
);

const subscriptionUpdate = {
  billing_cycle_anchor: oneOf('now', 'unchanged'),
  default_allowed_updates: emptyable(list(oneOf('price', 'promotion_code', 'quantity'))),
  enabled: boolean,
  products: emptyable(list(product)),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  trial_update_behavior: oneOf('continue_trial', 'end_trial'),
};

/** The account has none of its own. */
const paymentMethodConfiguration: Rule<string> = (input, name) => {
  const id = string(input, name);
  if (id.startsWith('pmc_')) return id;
  throw missing('payment_method_configuration', id, name);
};

const shared = {
  customer_update: object({
    allowed_updates: emptyable(
      list(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
    ),
    enabled: boolean,
  }),
  invoice_history: object({ enabled: required(boolean) }),
  payment_method_update: object({
    enabled: required(boolean),
    payment_method_configuration: emptyable(paymentMethodConfiguration),
  }),
  subscription_cancel: subscriptionCancel,
  subscription_pause: subscriptionPause,
};

/**
 * Creating asks for `enabled` in every feature that is given, see configurations.ts. It takes no
 * empty list of conditions: there is nothing to empty.
 */
export const features = {
  create: object({
    ...shared,
    subscription_update: object({
      ...subscriptionUpdate,
      schedule_at_period_end: object({ conditions }),
    }),
  }),
  update: object({
    ...shared,
    subscription_update: object({
      ...subscriptionUpdate,
      schedule_at_period_end: object({ conditions: emptyable(conditions) }),
    }),
  }),
};

/** Emptying what has never been is refused: creating takes no empty address. */
export const businessProfile = {
  create: object({
    headline: emptyable(text(60)),
    privacy_policy_url: url,
    terms_of_service_url: url,
  }),
  update: object({
    headline: emptyable(text(60)),
    privacy_policy_url: emptyable(url),
    terms_of_service_url: emptyable(url),
  }),
};

export const configurationFields = {
  default_return_url: emptyable(url),
  login_page: object({ enabled: required(boolean) }),
  metadata,
  name: emptyable(string),
};
