import { newId } from '../identifiers.ts';
import { wanting } from '../webhooks.ts';
import { apiVersion } from './version.ts';
import type { EventRequest, StripeEvent } from '../objects.ts';
import type { State } from '../state.ts';

/** Who changes something: a call of the API, or (without a request) Stripe or a customer. */
export type Actor = { state: State; request: EventRequest | null };
type Fields = Record<string, unknown>;
type Emitted = { id: string; object: string; livemode: boolean };

/** Appends an event that carries a snapshot of the object. */
export function emit(actor: Actor, type: string, object: Emitted, previous?: Fields): StripeEvent {
  const { state, request } = actor;
  const event: StripeEvent = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: state.seconds(),
    data: {
      object: structuredClone({ ...object }),
      ...(previous && { previous_attributes: previous }),
    },
    livemode: object.livemode,
    pending_webhooks: wanting(state, { livemode: object.livemode, type }).length,
    request,
    type,
  };
  state.events.set(event.id, event);
  state.onEvent?.(event);
  return event;
}

/** Applies the changes and emits the event, unless nothing differs: then Stripe keeps quiet. */
export function change<Changed extends Emitted>(
  actor: Actor,
  type: string,
  object: Changed,
  changes: Partial<Changed>,
): void {
  const before: Fields = structuredClone({ ...object });
  Object.assign(object, changes);
  const previous = differences(before, { ...object });
  if (Object.keys(previous).length > 0) emit(actor, type, object, previous);
}

// Within a hash Stripe names only the keys that changed; a key that is new was null.
function differences(before: Fields, after: Fields): Fields {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed: Fields = {};
  for (const name of names) {
    const [old, current] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(current)) continue;
    changed[name] = isHash(old) && isHash(current) ? differences(old, current) : (old ?? null);
  }
  return changed;
}

function isHash(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
