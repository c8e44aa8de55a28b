import type { Stripe } from 'stripe';
import * as v from 'valibot';
import { count, flag, listOf, oneOf, table, text, type Item, type Known } from './fields.ts';

// A new configuration and an update take the same fields; what is new in either counts.
type Features = Field<
  Stripe.BillingPortal.ConfigurationCreateParams & Stripe.BillingPortal.ConfigurationUpdateParams,
  'features'
>;
type Field<Of, Name extends keyof Of> = NonNullable<Of[Name]>;
type Feature<Name extends keyof Features> = Field<Features, Name>;

const customerUpdate = table<Feature<'customer_update'>>()({
  enabled: flag,
  allowed_updates: listOf(
    oneOf<Item<Feature<'customer_update'>['allowed_updates']>>()([
      'address',
      'email',
      'name',
      'phone',
      'shipping',
      'tax_id',
    ]),
  ),
});

type Cancel = Feature<'subscription_cancel'>;
type Reason = Field<Cancel, 'cancellation_reason'>;

const subscriptionCancel = v.pipe(
  table<Cancel>()({
    enabled: flag,
    mode: oneOf<Cancel['mode']>()(['at_period_end', 'immediately']),
    proration_behavior: v.picklist(
      ['none', 'create_prorations'] satisfies Known<Cancel['proration_behavior']>[],
      'use "none" or "create_prorations": Stripe refuses any other when somebody cancels',
    ),
    cancellation_reason: table<Reason>()({
      enabled: flag,
      options: listOf(
        oneOf<Item<Reason['options']>>()([
          'customer_service',
          'low_quality',
          'missing_features',
          'other',
          'switched_service',
          'too_complex',
          'too_expensive',
          'unused',
        ]),
      ),
      feedback_options: v.exactOptional(listOf(text)),
    }),
  }),
  v.forward(
    v.check(
      ({ mode, proration_behavior: proration }) => proration === 'none' || mode === 'immediately',
      'use "none", or set mode = "immediately": Stripe prorates no other cancellation',
    ),
    ['proration_behavior'],
  ),
);

type Pause = Feature<'subscription_pause'>;
type Duration = Field<Pause, 'duration'>;
type Interval = Item<Duration['interval_options']>;

// https://docs.stripe.com/api/customer_portal/configurations/create: three years at most.
const LONGEST = { day: 1095, week: 156, month: 36, year: 3 };

const subscriptionPause = table<Pause>()({
  enabled: flag,
  duration: v.exactOptional(
    v.pipe(
      table<Duration>()({
        type: oneOf<Duration['type']>()(['indefinite', 'interval_options']),
        interval_options: v.exactOptional(
          listOf(
            v.pipe(
              table<Interval>()({
                interval: oneOf<Interval['interval']>()(['day', 'month', 'week', 'year']),
                interval_count: v.exactOptional(count(1)),
              }),
              v.check(
                ({ interval, interval_count: number = 1 }) => number <= LONGEST[interval],
                'a pause lasts three years at most',
              ),
            ),
          ),
        ),
      }),
      v.forward(
        v.check(
          ({ type, interval_options: options = [] }) => type === 'indefinite' || options.length > 0,
          'list at least one, or set type = "indefinite"',
        ),
        ['interval_options'],
      ),
    ),
  ),
});

type Change = Feature<'subscription_update'>;
type Schedule = Field<Change, 'schedule_at_period_end'>;
type Condition = Item<Schedule['conditions']>;

// Its products differ between the modes: they are in the table [products].
const subscriptionUpdate = table<Omit<Change, 'products'>>()({
  enabled: flag,
  default_allowed_updates: listOf(
    oneOf<Item<Change['default_allowed_updates']>>()(['price', 'promotion_code', 'quantity']),
  ),
  proration_behavior: oneOf<Change['proration_behavior']>()([
    'always_invoice',
    'create_prorations',
    'none',
  ]),
  billing_cycle_anchor: v.exactOptional(
    oneOf<Change['billing_cycle_anchor']>()(['now', 'unchanged']),
  ),
  schedule_at_period_end: v.exactOptional(
    table<Schedule>()({
      conditions: listOf(
        table<Condition>()({
          type: oneOf<Condition['type']>()(['decreasing_item_amount', 'shortening_interval']),
        }),
      ),
    }),
  ),
  trial_update_behavior: v.exactOptional(
    oneOf<Change['trial_update_behavior']>()(['continue_trial', 'end_trial']),
  ),
});

/** What people may do in a portal, in Stripe's own names and values. */
export const features = table<Features>()({
  payment_method_update: table<Feature<'payment_method_update'>>()({
    enabled: flag,
    payment_method_configuration: v.exactOptional(
      v.pipe(text, v.regex(/^(?:pmc_\w+)?$/, 'give an id (pmc_…), or "" for the default')),
    ),
  }),
  invoice_history: table<Feature<'invoice_history'>>()({ enabled: flag }),
  customer_update: customerUpdate,
  subscription_cancel: subscriptionCancel,
  subscription_pause: subscriptionPause,
  subscription_update: subscriptionUpdate,
});
