import type { Stripe } from 'stripe';
import { isLoopback } from '../loopback.ts';
import { invalid } from '../protocol/errors.ts';
import { boolean, emptyable, list, required, string, text } from '../protocol/parameters.ts';
import { endpoint } from '../protocol/endpoint.ts';
import { find } from '../protocol/find.ts';
import { mergeMetadata, metadata, pagination, url } from '../protocol/common-parameters.ts';
import { newId, randomWord } from '../identifiers.ts';
import { newestFirst, paginate } from '../protocol/lists.ts';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Rule } from '../protocol/parameters.ts';
import type { WebhookEndpoint } from '../objects.ts';

const path = '/v1/webhook_endpoints';
const noun = 'webhook endpoint';

/** Many have met this one, such as https://github.com/dj-stripe/dj-stripe/pull/1891. */
const reachable: Rule<string> = (input, name) => {
  const address = url(input, name);
  if (!isLoopback(address)) return address;
  const message =
    'Invalid URL: URL must be publicly accessible. Consider using a tool like the Stripe CLI to test webhooks locally.';
  throw invalid(name, message, 'url_invalid');
};

const createParameters = {
  api_version: string,
  description: emptyable(text()),
  enabled_events: required(list(string)),
  metadata,
  url: required(reachable),
};

const updateParameters = {
  description: emptyable(text()),
  disabled: boolean,
  enabled_events: list(string),
  metadata,
  url: reachable,
};

export const webhookEndpoints: readonly Endpoint[] = [
  endpoint<Stripe.WebhookEndpointCreateParams>()({
    method: 'POST',
    path,
    permission: 'rak_webhook_write',
    parameters: createParameters,
    unmodelled: { connect: true },
    returns: 'webhook_endpoint',
    answer({ state, livemode, parameters }) {
      const webhook: WebhookEndpoint = {
        id: newId('we'),
        object: 'webhook_endpoint',
        api_version: parameters.api_version ?? null,
        application: null,
        created: state.seconds(),
        description: parameters.description ?? null,
        enabled_events: parameters.enabled_events,
        livemode,
        metadata: mergeMetadata({}, parameters.metadata),
        secret: `whsec_${randomWord(32)}`,
        status: 'enabled',
        url: parameters.url,
      };
      state.webhookEndpoints.set(webhook.id, webhook);
      return { ...withoutSecret(webhook), secret: webhook.secret };
    },
  }),
  endpoint<Stripe.WebhookEndpointListParams>()({
    method: 'GET',
    path,
    permission: 'rak_webhook_read',
    parameters: pagination,
    unmodelled: {},
    returns: 'list:webhook_endpoint',
    answer({ state, livemode, parameters }) {
      const found = newestFirst(state.webhookEndpoints.values(), livemode);
      return paginate(found.map(withoutSecret), parameters, noun, path);
    },
  }),
  endpoint<Stripe.WebhookEndpointRetrieveParams>()({
    method: 'GET',
    path: `${path}/:id`,
    permission: 'rak_webhook_read',
    parameters: {},
    unmodelled: {},
    returns: 'webhook_endpoint',
    answer: ({ state, livemode, id }) =>
      withoutSecret(find(state.webhookEndpoints, livemode, noun, id)),
  }),
  endpoint<Stripe.WebhookEndpointUpdateParams>()({
    method: 'POST',
    path: `${path}/:id`,
    permission: 'rak_webhook_write',
    parameters: updateParameters,
    unmodelled: {},
    returns: 'webhook_endpoint',
    answer({ state, livemode, id, parameters }) {
      const webhook = find(state.webhookEndpoints, livemode, noun, id);
      const { description, disabled, enabled_events: types, metadata: pairs } = parameters;
      webhook.url = parameters.url ?? webhook.url;
      webhook.enabled_events = types ?? webhook.enabled_events;
      if (description !== undefined) webhook.description = description;
      if (disabled !== undefined) webhook.status = disabled ? 'disabled' : 'enabled';
      if (pairs !== undefined) webhook.metadata = mergeMetadata(webhook.metadata, pairs);
      return withoutSecret(webhook);
    },
  }),
  endpoint<Stripe.WebhookEndpointDeleteParams>()({
    method: 'DELETE',
    path: `${path}/:id`,
    permission: 'rak_webhook_write',
    parameters: {},
    unmodelled: {},
    returns: 'webhook_endpoint',
    answer({ state, livemode, id }) {
      find(state.webhookEndpoints, livemode, noun, id);
      state.webhookEndpoints.delete(id);
      return { id, object: 'webhook_endpoint', deleted: true };
    },
  }),
];

function withoutSecret(webhook: WebhookEndpoint) {
  const { secret: _secret, ...shown } = webhook;
  return shown;
}
