import { boolean, emptyable, integer, list, object } from '../protocol/parameters.ts';
import { oneOf, required, string, text } from '../protocol/parameters.ts';
import { metadata, url } from '../protocol/common-parameters.ts';

const product = object({
  adjustable_quantity: object({
    enabled: required(boolean),
    maximum: integer(),
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

const subscriptionUpdate = object({
  billing_cycle_anchor: oneOf('now', 'unchanged'),
  default_allowed_updates: emptyable(list(oneOf('price', 'promotion_code', 'quantity'))),
  enabled: boolean,
  products: emptyable(list(product)),
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  schedule_at_period_end: object({
    conditions: emptyable(
      list(object({ type: required(oneOf('decreasing_item_amount', 'shortening_interval')) })),
    ),
  }),
  trial_update_behavior: oneOf('continue_trial', 'end_trial'),
});

/** Creating asks for `enabled` in every feature that is given, see configurations.ts. */
export const features = object({
  customer_update: object({
    allowed_updates: emptyable(
      list(oneOf('address', 'email', 'name', 'phone', 'shipping', 'tax_id')),
    ),
    enabled: boolean,
  }),
  invoice_history: object({ enabled: required(boolean) }),
  payment_method_update: object({
    enabled: required(boolean),
    payment_method_configuration: emptyable(string),
  }),
  subscription_cancel: subscriptionCancel,
  subscription_pause: subscriptionPause,
  subscription_update: subscriptionUpdate,
});

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
