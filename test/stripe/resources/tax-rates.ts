import type { Stripe } from 'stripe';
import { boolean, required, string } from '../protocol/parameters.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { mergeMetadata, metadata } from '../protocol/common-parameters.ts';
import { newId } from '../identifiers.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Rule } from '../protocol/parameters.ts';
import type { State } from '../state.ts';
import type { TaxRate } from '../objects.ts';

const percentage: Rule<number> = (input) => Number(input);

export const taxRates: readonly Endpoint[] = [
  endpoint<Stripe.TaxRateCreateParams>()({
    method: 'POST',
    path: '/v1/tax_rates',
    permission: 'rak_tax_rate_write',
    parameters: {
      display_name: required(string),
      inclusive: required(boolean),
      metadata,
      percentage: required(percentage),
    },
    unmodelled: {
      active: true,
      country: true,
      description: true,
      jurisdiction: true,
      state: true,
      tax_type: true,
    },
    returns: 'tax_rate',
    answer({ state, livemode, parameters }) {
      const { metadata: pairs, ...given } = parameters;
      const rate: TaxRate = {
        id: newId('txr'),
        object: 'tax_rate',
        active: true,
        country: null,
        created: state.seconds(),
        description: null,
        effective_percentage: given.percentage,
        flat_amount: null,
        jurisdiction: null,
        jurisdiction_level: null,
        livemode,
        metadata: mergeMetadata({}, pairs),
        rate_type: 'percentage',
        state: null,
        tax_type: null,
        ...given,
      };
      state.taxRates.set(rate.id, rate);
      return rate;
    },
  }),
  endpoint<Stripe.TaxRateUpdateParams>()({
    method: 'POST',
    path: '/v1/tax_rates/:id',
    permission: 'rak_tax_rate_write',
    parameters: { active: boolean },
    unmodelled: {
      country: true,
      description: true,
      display_name: true,
      jurisdiction: true,
      metadata: true,
      state: true,
      tax_type: true,
    },
    returns: 'tax_rate',
    answer({ state, livemode, id, parameters }) {
      const rate = find(state.taxRates, livemode, 'tax rate', id);
      rate.active = parameters.active ?? rate.active;
      return rate;
    },
  }),
];

type Place = { state: State; livemode: boolean };

/** The rates that a parameter names. */
export function readRates({ state, livemode }: Place, ids: string[], param: string): TaxRate[] {
  return ids.map((id, index) => {
    return structuredClone(find(state.taxRates, livemode, 'tax rate', id, `${param}[${index}]`));
  });
}
