import { boolean, emptyable, integer, list, object } from '../protocol/parameters.ts';
import { oneOf, required, string, text } from '../protocol/parameters.ts';
import { endingAt, isLiving, periodEnd } from './subscription-changes.ts';
import { ApiError, refuse } from '../protocol/errors.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { nowOrMoment } from './subscription-create.ts';
import { updateItems } from './subscription-items.ts';
import type { Actor } from '../protocol/emit.ts';
import type { Subscription } from '../objects.ts';
import type { Values } from '../protocol/parameters.ts';

export const updateParameters = {
  cancel_at: emptyable(integer()),
  cancel_at_period_end: boolean,
  description: emptyable(text(500)),
  items: list(object({ deleted: boolean, id: string, price: string, quantity: integer() })),
  metadata,
  pause_collection: emptyable(
    object({
      behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')),
      resumes_at: integer(),
    }),
  ),
  payment_behavior: string,
  proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
  trial_end: nowOrMoment,
};

type Input = Values<typeof updateParameters>;

/** What an update changes; refuses what Stripe refuses. */
export function readChanges(
  actor: Actor & { livemode: boolean },
  subscription: Subscription,
  input: Input,
): Partial<Subscription> {
  const { metadata: pairs, ...others } = input;
  if (!isLiving(subscription) && Object.keys(others).length > 0) {
    refuse('A canceled subscription can only update its cancellation_details and metadata.');
  }
  return {
    ...(pairs !== undefined && { metadata: mergeMetadata(subscription.metadata, pairs) }),
    ...(input.description !== undefined && { description: input.description }),
    ...(input.items && { items: updateItems(actor, subscription, input.items) }),
    ...readEnd(actor, subscription, input),
    ...readTrialEnd(actor, input),
    ...readPause(input),
  };
}

function readEnd(actor: Actor, subscription: Subscription, input: Input): Partial<Subscription> {
  const { cancel_at: cancelAt, cancel_at_period_end: atPeriodEnd } = input;
  if (cancelAt !== undefined && atPeriodEnd !== undefined) {
    const message =
      'You may only specify one of these parameters: cancel_at, cancel_at_period_end.';
    throw new ApiError(400, { message, code: 'parameters_exclusive' });
  }
  if (atPeriodEnd) return endingAt(actor, periodEnd(subscription), true);
  if (atPeriodEnd === false || cancelAt === null) return endingAt(actor, null, false);
  return cancelAt === undefined ? {} : endingAt(actor, cancelAt, false);
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
