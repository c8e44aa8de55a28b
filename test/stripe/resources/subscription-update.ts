import { emptyable, object, string } from '../protocol/parameters.ts';
import { cancelAt, description, pauseCollection } from './subscription-parameters.ts';
import { updateItemInputs } from './subscription-parameters.ts';
import { endingAt, isLiving, lastPeriodEnd, periodEnd } from './subscription-changes.ts';
import { ApiError, refuse } from '../protocol/errors.ts';
import { mergeMetadata } from '../protocol/common-parameters.ts';
import { subscriptionFields } from './subscription-parameters.ts';
import { readRates } from './tax-rates.ts';
import { redeemFor } from './discounts.ts';
import { updateItems } from './subscription-items.ts';
import type { Actor } from '../protocol/emit.ts';
import type { Subscription } from '../objects.ts';
import type { Values } from '../protocol/parameters.ts';

export const updateParameters = {
  ...subscriptionFields,
  cancel_at: emptyable(cancelAt),
  cancellation_details: object({ comment: emptyable(string), feedback: emptyable(string) }),
  description: emptyable(description),
  items: updateItemInputs,
  pause_collection: pauseCollection,
};

type Input = Values<typeof updateParameters>;

/** What an update changes; refuses what Stripe refuses. */
export function readChanges(
  actor: Actor & { livemode: boolean },
  subscription: Subscription,
  input: Input,
): Partial<Subscription> {
  const { metadata: pairs, cancellation_details: details, ...others } = input;
  if (!isLiving(subscription) && Object.keys(others).length > 0) {
    refuse('A canceled subscription can only update its cancellation_details and metadata.');
  }
  const { default_payment_method: payment, description: text, trial_settings: trial } = input;
  const { collection_method: collection, days_until_due: days } = input;
  return {
    ...(pairs !== undefined && { metadata: mergeMetadata(subscription.metadata, pairs) }),
    ...(details && {
      cancellation_details: {
        comment: details.comment ?? null,
        feedback: details.feedback ?? null,
        feedback_option: null,
        reason: subscription.cancellation_details?.reason ?? null,
      },
    }),
    ...(text !== undefined && { description: text }),
    ...(payment !== undefined && { default_payment_method: payment }),
    ...(collection !== undefined && { collection_method: collection }),
    ...(days !== undefined && { days_until_due: days }),
    ...(input.items && { items: updateItems(actor, subscription, input.items) }),
    ...(trial && { trial_settings: readTrialSettings(trial) }),
    ...readMoney(actor, subscription, input),
    ...readEnd(actor, subscription, input),
    ...readTrialEnd(actor, input),
    ...readPause(input),
  };
}

type Money = Pick<Input, 'automatic_tax' | 'default_tax_rates' | 'discounts'>;

/** What changes the amount beside the items: discounts replace those that there are. */
function readMoney(
  place: Actor & { livemode: boolean },
  { id, customer, automatic_tax: tax }: Subscription,
  { automatic_tax: automatic, default_tax_rates: rates, discounts }: Money,
): Partial<Subscription> {
  return {
    ...(automatic && { automatic_tax: { ...tax, ...automatic } }),
    ...(rates && { default_tax_rates: readRates(place, rates, 'default_tax_rates') }),
    ...(discounts && {
      discounts: discounts.map((each, index) =>
        redeemFor(place, each, { customer, subscription: id }, `discounts[${index}]`),
      ),
    }),
  };
}

type End = Pick<Input, 'cancel_at' | 'cancel_at_period_end'>;

/** When the subscription is to end, as creating and updating say it. */
export function readEnd(
  actor: Actor,
  subscription: Subscription,
  { cancel_at: at, cancel_at_period_end: atPeriodEnd }: End,
): Partial<Subscription> {
  if (at !== undefined && atPeriodEnd !== undefined) {
    const message =
      'You may only specify one of these parameters: cancel_at, cancel_at_period_end.';
    throw new ApiError(400, { message, code: 'parameters_exclusive' });
  }
  if (atPeriodEnd) return endingAt(actor, periodEnd(subscription), true);
  if (atPeriodEnd === undefined && at === undefined) return {};
  if (at === undefined || at === null) return endingAt(actor, null, false);
  if (typeof at === 'number') return endingAt(actor, at, false);
  const end = at === 'min_period_end' ? periodEnd(subscription) : lastPeriodEnd(subscription);
  return endingAt(actor, end, false);
}

export function readTrialSettings({
  end_behavior: end,
}: NonNullable<Input['trial_settings']>): NonNullable<Subscription['trial_settings']> {
  return {
    end_behavior: {
      billing_cycle_anchor: end.billing_cycle_anchor ?? null,
      missing_payment_method: end.missing_payment_method,
    },
  };
}

function readTrialEnd(actor: Actor, { trial_end: end }: Input): Partial<Subscription> {
  if (end === undefined) return {};
  const now = actor.state.seconds();
  if (end === 'now') return { status: 'active', trial_end: now };
  return { status: 'trialing', trial_end: end, trial_start: now };
}

function readPause({ pause_collection: pause }: Input): Partial<Subscription> {
  if (pause === undefined) return {};
  if (pause === null) return { pause_collection: null };
  return {
    pause_collection: { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null },
  };
}
