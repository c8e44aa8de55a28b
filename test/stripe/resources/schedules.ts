import type { Stripe } from 'stripe';
import { changeSubscription, isLiving, lastPeriodEnd } from './subscription-changes.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { integer, list, objectOf, oneOf, required, string } from '../protocol/parameters.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import { refuse } from '../protocol/errors.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Phase, PhaseItem, Schedule, Subscription } from '../objects.ts';
import type { Values } from '../protocol/parameters.ts';

const path = '/v1/subscription_schedules';

const item = objectOf<Stripe.SubscriptionScheduleUpdateParams.Phase.Item>()(
  { price: required(string), quantity: integer() },
  {
    billing_thresholds: true,
    discounts: true,
    metadata: true,
    plan: true,
    price_data: true,
    tax_rates: true,
  },
);
const phaseFields = {
  end_date: required(integer()),
  items: required(list(item)),
  start_date: required(integer()),
};
const phase = objectOf<Stripe.SubscriptionScheduleUpdateParams.Phase>()(phaseFields, {
  add_invoice_items: true,
  application_fee_percent: true,
  automatic_tax: true,
  billing_cycle_anchor: true,
  billing_thresholds: true,
  collection_method: true,
  currency: true,
  default_payment_method: true,
  default_tax_rates: true,
  description: true,
  discounts: true,
  duration: true,
  invoice_settings: true,
  metadata: true,
  on_behalf_of: true,
  proration_behavior: true,
  transfer_data: true,
  trial: true,
  trial_end: true,
});

const updateParameters = { end_behavior: oneOf('cancel', 'release'), phases: list(phase) };

/** Plans for a subscription that there is. Phases do not begin here by themselves. */
export const schedules: readonly Endpoint[] = [
  endpoint<Stripe.SubscriptionScheduleCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_subscription_write',
    parameters: { from_subscription: required(string), metadata },
    unmodelled: {
      billing_mode: true,
      customer: true,
      customer_account: true,
      default_settings: true,
      end_behavior: true,
      pause_schedules: true,
      phases: true,
      start_date: true,
    },
    returns: 'subscription_schedule',
    answer(call) {
      const { from_subscription: from, metadata: pairs } = call.parameters;
      const { state, livemode } = call;
      const subscription = find(
        state.subscriptions,
        livemode,
        'subscription',
        from,
        'from_subscription',
      );
      if (subscription.schedule !== null || !isLiving(subscription)) {
        refuse('You cannot migrate a subscription that is already attached to a schedule.');
      }
      const schedule: Schedule = {
        ...unchanging,
        id: newId('sub_sched'),
        object: 'subscription_schedule',
        billing_mode: subscription.billing_mode,
        created: state.seconds(),
        current_phase: {
          start_date: subscription.start_date,
          end_date: lastPeriodEnd(subscription),
        },
        customer: subscription.customer,
        livemode,
        metadata: mergeMetadata({}, pairs),
        phases: [presentPhase(subscription)],
        subscription: subscription.id,
      };
      state.schedules.set(schedule.id, schedule);
      changeSubscription(call, subscription, { schedule: schedule.id });
      emit(call, 'subscription_schedule.created', schedule);
      return schedule;
    },
  }),
  endpoint<Stripe.SubscriptionScheduleRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_subscription_read',
    parameters: {},
    unmodelled: {},
    returns: 'subscription_schedule',
    answer: ({ state, livemode, id }) =>
      find(state.schedules, livemode, 'subscription schedule', id),
  }),
  endpoint<Stripe.SubscriptionScheduleUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_subscription_write',
    parameters: updateParameters,
    unmodelled: {
      default_settings: true,
      metadata: true,
      pause_schedules: true,
      proration_behavior: true,
    },
    returns: 'subscription_schedule',
    answer(call) {
      const schedule = find(call.state.schedules, call.livemode, 'subscription schedule', call.id);
      const { end_behavior: end, phases } = call.parameters;
      if (end) schedule.end_behavior = end;
      if (phases) {
        schedule.phases = phases.map((each) => newPhase(schedule, each));
        const [{ start_date: start, end_date: until } = unplanned] = phases;
        schedule.current_phase = { start_date: start, end_date: until };
      }
      emit(call, 'subscription_schedule.updated', schedule);
      return schedule;
    },
  }),
];

const unplanned = { start_date: 0, end_date: 0 };

function presentPhase({ items, start_date: start, ...subscription }: Subscription): Phase {
  const { data } = items;
  return {
    ...unchangingOfPhases,
    currency: subscription.currency,
    end_date: Math.max(...data.map((each) => each.current_period_end)),
    items: data.map(({ price, quantity }) => phaseItem(price.id, quantity)),
    start_date: start,
  };
}

function newPhase(
  { phases: [first] }: Schedule,
  { items, start_date: start, end_date: end }: Values<typeof phaseFields>,
): Phase {
  return {
    ...unchangingOfPhases,
    currency: first?.currency ?? 'usd',
    end_date: end,
    items: items.map(({ price, quantity }) => phaseItem(price, quantity)),
    start_date: start,
  };
}

const phaseItem = (price: string, quantity: number | undefined): PhaseItem => ({
  billing_thresholds: null,
  discounts: [],
  metadata: {},
  plan: price,
  price,
  ...(quantity !== undefined && { quantity }),
});

// Present in every answer of Stripe's, never anything else here.
const unchangingOfPhases = {
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  default_payment_method: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  invoice_settings: null,
  metadata: {},
  on_behalf_of: null,
  proration_behavior: 'create_prorations',
  transfer_data: null,
  trial_end: null,
} satisfies Partial<Phase>;

const unchanging = {
  application: null,
  canceled_at: null,
  completed_at: null,
  customer_account: null,
  default_settings: {
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: 'automatic',
    billing_thresholds: null,
    collection_method: 'charge_automatically',
    default_payment_method: null,
    description: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      days_until_due: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    on_behalf_of: null,
    transfer_data: null,
  },
  end_behavior: 'release',
  pause_schedules: [],
  released_at: null,
  released_subscription: null,
  status: 'active',
  test_clock: null,
} satisfies Partial<Schedule>;
