import type { Stripe } from 'stripe';
import { endpoint } from '../protocol/endpoint.ts';
import type { Endpoint } from '../protocol/endpoint.ts';

/** Whose key it is. Restricted keys rarely may ask; Stripe's refusal then names the account. */
export const account: Endpoint = endpoint<Stripe.AccountRetrieveCurrentParams>()({
  method: 'GET',
  path: '/v1/account',
  permission: 'rak_accounts_kyc_basic_read',
  parameters: {},
  unmodelled: {},
  returns: 'account',
  answer: ({ state }) => ({
    id: state.account,
    object: 'account' as const,
    business_profile: null,
    country: 'US',
    settings: { dashboard: { display_name: 'Example Shop', timezone: 'Etc/UTC' } },
  }),
});
