import { newId } from '../identifiers.ts';
import type { Configuration, Features } from '../portal-objects.ts';

/** A feature of a new configuration is off, with the settings Stripe gives it. */
export function defaultFeatures(): Features {
  return {
    customer_update: { allowed_updates: [], enabled: false },
    invoice_history: { enabled: false },
    payment_method_update: { enabled: false, payment_method_configuration: null },
    subscription_cancel: {
      cancellation_reason: {
        enabled: false,
        feedback_options: null,
        options: [
          'too_expensive',
          'missing_features',
          'switched_service',
          'unused',
          'customer_service',
          'too_complex',
          'low_quality',
          'other',
        ],
      },
      enabled: false,
      mode: 'at_period_end',
      proration_behavior: 'none',
    },
    subscription_pause: {
      duration: {
        interval_options: [{ interval: 'month', interval_count: 1 }],
        type: 'interval_options',
      },
      enabled: false,
    },
    subscription_update: {
      billing_cycle_anchor: 'unchanged',
      default_allowed_updates: [],
      enabled: false,
      products: null,
      proration_behavior: 'none',
      schedule_at_period_end: { conditions: [] },
      trial_update_behavior: 'end_trial',
    },
  };
}

/** What an account has once its portal's settings were saved in the dashboard. */
export function defaultConfiguration(now: number, livemode: boolean): Configuration {
  const features = defaultFeatures();
  features.customer_update = {
    allowed_updates: ['email', 'name', 'address', 'phone', 'tax_id'],
    enabled: true,
  };
  for (const name of ['invoice_history', 'payment_method_update', 'subscription_cancel'] as const) {
    features[name].enabled = true;
  }
  return {
    id: newId('bpc'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: { headline: null, privacy_policy_url: null, terms_of_service_url: null },
    created: now,
    default_return_url: null,
    features,
    is_default: true,
    livemode,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: now,
  };
}
