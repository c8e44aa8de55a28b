import type { Stripe } from 'stripe';
import { boolean, list, string } from '../protocol/parameters.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { isWithin, pagination, range } from '../protocol/common-parameters.ts';
import { missing } from '../protocol/errors.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';
import type { StripeEvent } from '../objects.ts';

const path = '/v1/events';

const listParameters = {
  ...pagination,
  created: range,
  delivery_success: boolean,
  type: string,
  types: list(string),
};

export const events: readonly Endpoint[] = [
  endpoint<Stripe.EventListParams>()({
    method: 'GET',
    path,
    permission: 'rak_event_read',
    parameters: listParameters,
    unmodelled: {},
    returns: 'list:event',
    answer({ state, livemode, parameters }) {
      const { created, delivery_success: delivered, type, types } = parameters;
      const found = newestFirst(state.events.values(), livemode)
        .filter((event) => state.now() >= (state.lateEvents.get(event.id) ?? 0))
        .filter((event) => isKept(state, event) && isWithin(event.created, created))
        .filter((event) => delivered === undefined || (event.pending_webhooks === 0) === delivered)
        .filter((event) => type === undefined || hasType(event, type))
        .filter((event) => types === undefined || types.some((name) => hasType(event, name)));
      return paginate(found, parameters, 'event', path);
    },
  }),
  endpoint<Stripe.EventRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_event_read',
    parameters: {},
    unmodelled: {},
    returns: 'event',
    answer({ state, livemode, id }) {
      const event = find(state.events, livemode, 'event', id);
      if (!isKept(state, event)) throw missing('event', id, 'id');
      return event;
    },
  }),
];

// Stripe's list reaches back 30 days.
function isKept(state: State, event: StripeEvent): boolean {
  return event.created >= state.seconds() - 30 * 86_400;
}

/** `customer.*` stands for every type that begins so. */
function hasType(event: StripeEvent, type: string): boolean {
  return type.endsWith('*') ? event.type.startsWith(type.slice(0, -1)) : event.type === type;
}
