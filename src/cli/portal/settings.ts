import * as v from 'valibot';

const page = v.union(
  [v.literal(''), v.pipe(v.string(), v.url(), v.startsWith('https://'))],
  'give an https address, or "" for none',
);
const strings = v.array(v.string());

const plans = v.array(v.strictObject({ product: v.string(), prices: strings }));

const REASONS = [
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
] as const;

// Names and values are Stripe's own, so that its documentation explains them.
// https://docs.stripe.com/api/customer_portal/configurations/create
export const PortalSettings = v.strictObject({
  default_return_url: v.optional(page),
  business_profile: v.strictObject({
    headline: v.pipe(v.string(), v.maxLength(60, 'use at most 60 characters')),
    privacy_policy_url: page,
    terms_of_service_url: page,
  }),
  features: v.strictObject({
    payment_method_update: v.strictObject({ enabled: v.boolean() }),
    invoice_history: v.strictObject({ enabled: v.boolean() }),
    customer_update: v.strictObject({
      enabled: v.boolean(),
      allowed_updates: v.array(
        v.picklist(['address', 'email', 'name', 'phone', 'shipping', 'tax_id']),
      ),
    }),
    subscription_cancel: v.pipe(
      v.strictObject({
        enabled: v.boolean(),
        mode: v.picklist(['at_period_end', 'immediately']),
        proration_behavior: v.picklist(
          ['none', 'create_prorations'],
          'use "none" or "create_prorations": Stripe refuses any other when somebody cancels',
        ),
        cancellation_reason: v.strictObject({
          enabled: v.boolean(),
          options: v.array(v.picklist(REASONS)),
        }),
      }),
      v.forward(
        v.check(
          ({ mode, proration_behavior: proration }) =>
            proration === 'none' || mode === 'immediately',
          'use "none", or set mode = "immediately": Stripe prorates no other cancellation',
        ),
        ['proration_behavior'],
      ),
    ),
    subscription_update: v.strictObject({
      enabled: v.boolean(),
      default_allowed_updates: v.array(v.picklist(['price', 'promotion_code', 'quantity'])),
      proration_behavior: v.picklist(['none', 'create_prorations', 'always_invoice']),
    }),
    subscription_pause: v.strictObject({ enabled: v.boolean() }),
  }),
  products: v.strictObject({ test: plans, live: plans }),
});

export type PortalSettings = v.InferOutput<typeof PortalSettings>;
