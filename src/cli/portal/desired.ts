import type { Stripe } from 'stripe';
import type { Mode } from '../settings.ts';
import type { PortalSettings } from './settings.ts';

type Creation = Stripe.BillingPortal.ConfigurationCreateParams;
type Update = Stripe.BillingPortal.ConfigurationUpdateParams;

/** What a portal will be, in Stripe's own parameters for an update. `""` empties a value. */
export type Desired = ReturnType<typeof desiredConfiguration>;

/** A portal as parameters for this mode. Without a return address, it leads back to the Worker. */
export function desiredConfiguration(
  { settings }: { settings: PortalSettings },
  mode: Mode,
  origin: string | undefined,
) {
  const { default_return_url, products, retention_coupon: _, features, ...others } = settings;
  const returnUrl = default_return_url || (origin && `${origin}/billing`);
  const { customer_update, subscription_cancel, subscription_update, subscription_pause } =
    features;
  const { cancellation_reason: reason } = subscription_cancel;
  const { duration } = subscription_pause;
  return {
    ...others,
    ...(returnUrl && { default_return_url: returnUrl }),
    features: {
      ...features,
      customer_update: {
        ...customer_update,
        allowed_updates: whole(customer_update.allowed_updates),
      },
      subscription_cancel: {
        ...subscription_cancel,
        cancellation_reason: {
          ...reason,
          options: whole(reason.options),
          ...(reason.feedback_options && { feedback_options: whole(reason.feedback_options) }),
        },
      },
      subscription_pause: {
        ...subscription_pause,
        ...(duration && { duration: { ...duration, ...withOptions(duration) } }),
      },
      subscription_update: {
        ...subscription_update,
        default_allowed_updates: whole(subscription_update.default_allowed_updates),
        products: whole(products[mode]),
        ...(subscription_update.schedule_at_period_end && {
          schedule_at_period_end: {
            conditions: whole(subscription_update.schedule_at_period_end.conditions),
          },
        }),
      },
    },
  } satisfies Update;
}

type Duration = NonNullable<PortalSettings['features']['subscription_pause']['duration']>;

const withOptions = ({ interval_options: options }: Duration) =>
  options && { interval_options: whole(options) };

/** The same for a new configuration, which takes nothing empty where there is nothing to empty. */
export function newConfiguration({ business_profile: profile, ...desired }: Desired): Creation {
  const { schedule_at_period_end: schedule, ...update } = desired.features.subscription_update;
  const given = Object.entries(profile).filter(([, value]) => value !== '');
  return {
    ...desired,
    business_profile: Object.fromEntries(given),
    features: {
      ...desired.features,
      subscription_update: {
        ...update,
        ...(schedule?.conditions && {
          schedule_at_period_end: { conditions: schedule.conditions },
        }),
      },
    },
  };
}

/** An empty list is not sent, and Stripe keeps what it is not sent; "" empties it. */
function whole<Item>(list: Item[]): Item[] | '' {
  return list.length > 0 ? list : '';
}
