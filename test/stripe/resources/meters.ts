import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { newId } from '../identifiers.ts';
import { object, oneOf, required, string } from '../protocol/parameters.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Meter } from '../objects.ts';

/** What usage is counted by. No usage is reported here: a metered price needs a meter. */
export const meters: readonly Endpoint[] = [
  endpoint<Stripe.Billing.MeterCreateParams>()({
    method: 'POST',
    path: '/v1/billing/meters',
    permission: 'rak_billing_meter_write',
    parameters: {
      default_aggregation: required(object({ formula: required(oneOf('count', 'last', 'sum')) })),
      display_name: required(string),
      event_name: required(string),
    },
    unmodelled: { customer_mapping: true, event_time_window: true, value_settings: true },
    returns: 'billing.meter',
    answer({ state, livemode, parameters }) {
      const meter: Meter = {
        id: newId('mtr'),
        object: 'billing.meter',
        created: state.seconds(),
        customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
        event_time_window: null,
        livemode,
        status: 'active',
        status_transitions: { deactivated_at: null },
        updated: state.seconds(),
        value_settings: { event_payload_key: 'value' },
        ...parameters,
      };
      state.meters.set(meter.id, meter);
      return meter;
    },
  }),
  endpoint<Stripe.Billing.MeterDeactivateParams>()({
    method: 'POST',
    path: '/v1/billing/meters/:id/deactivate',
    permission: 'rak_billing_meter_write',
    parameters: {},
    unmodelled: {},
    returns: 'billing.meter',
    answer({ state, livemode, id }) {
      const meter = find(state.meters, livemode, 'meter', id);
      const now = state.seconds();
      meter.status = 'inactive';
      meter.status_transitions = { deactivated_at: now };
      meter.updated = now;
      return meter;
    },
  }),
];
