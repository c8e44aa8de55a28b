import type { Stripe } from 'stripe';
import { checkUrl } from '../protocol/common-parameters.ts';
import { emit } from '../protocol/emit.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { findConfiguration } from './configurations.ts';
import { flowData, readFlow } from './portal-flow.ts';
import { integer, missingParameter, object } from '../protocol/parameters.ts';
import { oneOf, required, string } from '../protocol/parameters.ts';
import { livingCustomer } from './customers.ts';
import { locales } from './portal-locales.ts';
import { missing, refuse } from '../protocol/errors.ts';
import { newId, randomWord } from '../identifiers.ts';
import type { Configuration, PortalSession } from '../portal-objects.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { State } from '../state.ts';

const parameters = {
  after_expiration: object({
    customer_login: object({ expires_at: integer() }),
    type: required(oneOf('customer_login')),
  }),
  configuration: string,
  customer: string,
  customer_account: string,
  flow_data: flowData,
  locale: oneOf(...locales),
  on_behalf_of: string,
  return_url: string,
};

export const portalSessions: Endpoint = endpoint<Stripe.BillingPortal.SessionCreateParams>()({
  method: 'POST',
  path: '/v1/billing_portal/sessions',
  permission: 'rak_customer_portal_write',
  parameters,
  unmodelled: {},
  returns: 'billing_portal.session',
  answer(call) {
    const { state, livemode, parameters: given } = call;
    // Neither accounts as customers nor connected accounts exist here.
    for (const param of ['customer_account', 'on_behalf_of'] as const) {
      const account = given[param];
      if (account !== undefined) throw missing('account', account, param);
    }
    if (given.customer === undefined) throw missingParameter('customer');
    const customer = livingCustomer(state, livemode, given.customer, 'customer');
    const configuration = readConfiguration(state, livemode, given.configuration);
    const { after_expiration: afterExpiration, flow_data: flow } = given;
    const token = `${livemode ? 'live' : 'test'}_${randomWord(48)}`;
    const session: PortalSession = {
      id: newId('bps'),
      object: 'billing_portal.session',
      after_expiration: afterExpiration
        ? {
            customer_login: { expires_at: afterExpiration.customer_login?.expires_at ?? null },
            type: afterExpiration.type,
          }
        : null,
      configuration: configuration.id,
      created: state.seconds(),
      customer: customer.id,
      customer_account: null,
      flow: flow ? readFlow(state, customer.id, configuration, flow) : null,
      livemode,
      locale: given.locale ?? null,
      on_behalf_of: null,
      return_url:
        given.return_url === undefined
          ? configuration.default_return_url
          : checkUrl(given.return_url, 'return_url'),
      url: `${call.accountOrigin}/p/session/${token}`,
    };
    state.portalSessions.set(token, {
      session,
      token,
      createdAt: state.now(),
      lastUsedAt: null,
      expired: false,
      flowCompleted: false,
    });
    emit(call, 'billing_portal.session.created', session);
    return session;
  },
});

function readConfiguration(state: State, livemode: boolean, id: string | undefined): Configuration {
  if (id !== undefined) {
    const configuration = findConfiguration(state, livemode, id, 'configuration');
    if (configuration.active) return configuration;
    return refuse(`The configuration '${id}' is not active. Provide an active configuration.`);
  }
  const all = [...state.configurations.values()];
  const configuration = all.find((item) => item.livemode === livemode && item.is_default);
  if (configuration && state.isPortalSaved(livemode)) return configuration;
  const [mode, folder] = livemode ? ['live', ''] : ['test', 'test/'];
  return refuse(
    `No configuration provided and your ${mode} mode default configuration has not been created. ` +
      'Provide a configuration or create your default by saving your customer portal settings in ' +
      `${mode} mode at https://dashboard.stripe.com/${folder}settings/billing/portal.`,
  );
}
