import { Hono } from 'hono';
import * as v from 'valibot';
import { ApiError } from '../protocol/errors.ts';
import { authenticate, authorize } from '../protocol/keys.ts';
import { decodeForm } from '../protocol/form.ts';
import { newId, randomWord } from '../identifiers.ts';
import type { EventDestination, WebhookEndpoint } from '../objects.ts';
import type { State } from '../state.ts';

const path = '/v2/core/event_destinations';

type Environment = { Variables: { livemode: boolean; requestId: string } };

const creation = v.strictObject({
  description: v.optional(v.string(), ''),
  enabled_events: v.array(v.string()),
  event_payload: v.picklist(['snapshot', 'thin']),
  include: v.optional(v.array(v.string())),
  metadata: v.optional(v.record(v.string(), v.string()), {}),
  name: v.string(),
  type: v.literal('webhook_endpoint'),
  webhook_endpoint: v.strictObject({ url: v.pipe(v.string(), v.url()) }),
});

const update = v.partial(v.omit(creation, ['event_payload', 'type']));

/** The second generation of the API, as far as it tells where events go: JSON both ways. */
export function createEventDestinations(state: State) {
  const api = new Hono<Environment>();

  api.use(async (context, next) => {
    context.set('requestId', newId('req'));
    const credential = authenticate(state, context.req.header('authorization'));
    const isRead = context.req.method === 'GET';
    authorize(state, credential, isRead ? 'rak_webhook_read' : 'rak_webhook_write');
    context.set('livemode', credential.key.livemode);
    await next();
    context.header('request-id', context.var.requestId);
    context.header('cache-control', 'no-cache, no-store');
  });

  const find = (id: string, livemode: boolean): EventDestination => {
    const found = state.eventDestinations.get(id);
    if (found?.livemode === livemode) return found;
    throw new ApiError(404, { message: `No such event destination: '${id}'`, code: 'not_found' });
  };

  api.get(path, (context) => {
    const { livemode } = context.var;
    const includes = wanted(decodeForm(new URL(context.req.url).search)['include']);
    // The endpoints of the first generation are on this list as well.
    const endpoints = [...state.webhookEndpoints.values()].map(asDestination);
    const all = [...state.eventDestinations.values(), ...endpoints];
    const data = all
      .filter((destination) => destination.livemode === livemode)
      .map((destination) => shown(destination, includes));
    return context.json({ data, next_page_url: null, previous_page_url: null });
  });

  api.post(path, async (context) => {
    const given = read(creation, await context.req.json());
    const now = new Date(state.now()).toISOString();
    const { include, webhook_endpoint: endpoint, ...fields } = given;
    const destination: EventDestination = {
      ...fields,
      id: newId('ed'),
      object: 'v2.core.event_destination',
      created: now,
      livemode: context.var.livemode,
      status: 'enabled',
      updated: now,
      webhook_endpoint: { ...endpoint, signing_secret: `whsec_${randomWord(32)}` },
    };
    state.eventDestinations.set(destination.id, destination);
    return context.json(shown(destination, new Set(include)));
  });

  api.get(`${path}/:id`, (context) => {
    const includes = wanted(decodeForm(new URL(context.req.url).search)['include']);
    return context.json(shown(find(context.req.param('id'), context.var.livemode), includes));
  });

  api.post(`${path}/:id`, async (context) => {
    const destination = find(context.req.param('id'), context.var.livemode);
    const {
      include,
      webhook_endpoint: endpoint,
      ...fields
    } = read(update, await context.req.json());
    Object.assign(destination, fields, { updated: new Date(state.now()).toISOString() });
    if (endpoint) Object.assign(destination.webhook_endpoint, endpoint);
    return context.json(shown(destination, new Set(include)));
  });

  for (const [action, status] of [
    ['enable', 'enabled'],
    ['disable', 'disabled'],
  ] as const) {
    api.post(`${path}/:id/${action}`, (context) => {
      const destination = find(context.req.param('id'), context.var.livemode);
      destination.status = status;
      return context.json(shown(destination, new Set()));
    });
  }

  api.delete(`${path}/:id`, (context) => {
    const { id } = find(context.req.param('id'), context.var.livemode);
    state.eventDestinations.delete(id);
    return context.json({ id, object: 'v2.core.event_destination', deleted: true });
  });

  api.onError((error, context) => {
    if (!(error instanceof ApiError)) throw error;
    const body = error.body(context.var.requestId, context.var.livemode);
    return new Response(JSON.stringify(body), {
      status: error.status,
      headers: { 'content-type': 'application/json', 'request-id': context.var.requestId },
    });
  });

  return api;
}

/** The address and the secret are answered only to who asks for them. */
function shown({ webhook_endpoint: endpoint, ...fields }: EventDestination, includes: Set<string>) {
  const names = ['signing_secret', 'url'] as const;
  const included = names.filter((name) => includes.has(`webhook_endpoint.${name}`));
  const values = Object.fromEntries(included.map((name) => [name, endpoint[name]]));
  return { ...fields, ...(included.length > 0 && { webhook_endpoint: values }) };
}

function asDestination(endpoint: WebhookEndpoint): EventDestination {
  const created = new Date(endpoint.created * 1000).toISOString();
  return {
    id: endpoint.id,
    object: 'v2.core.event_destination',
    created,
    description: endpoint.description ?? '',
    enabled_events: endpoint.enabled_events,
    event_payload: 'snapshot',
    livemode: endpoint.livemode,
    metadata: endpoint.metadata,
    name: endpoint.description ?? '',
    status: endpoint.status === 'enabled' ? 'enabled' : 'disabled',
    type: 'webhook_endpoint',
    updated: created,
    webhook_endpoint: { signing_secret: endpoint.secret, url: endpoint.url },
  };
}

const wanted = (include: unknown) => new Set(Array.isArray(include) ? include.map(String) : []);

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new ApiError(400, {
    message: `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`,
    code: 'invalid_fields',
  });
}
