import { Hono } from 'hono';
import { ApiError } from './errors.ts';
import { Idempotency } from './idempotency.ts';
import { apiVersion } from './version.ts';
import { authenticate, authorize } from './keys.ts';
import { decodeRequest } from './form.ts';
import { newId } from '../identifiers.ts';
import { isLoopback } from '../loopback.ts';
import type { Context } from 'hono';
import type { Credential } from './keys.ts';
import type { DecodedObject } from './form.ts';
import type { Endpoint } from './endpoint.ts';
import type { Outcome } from './idempotency.ts';
import type { State } from '../state.ts';

type Environment = { Variables: { requestId: string; version: string; credential: Credential } };

/** The Stripe API: what every endpoint has in common, around the given endpoints. */
export function createApi(state: State, endpoints: readonly Endpoint[], accountOrigin?: string) {
  const api = new Hono<Environment>();
  const idempotency = new Idempotency(state.now);

  api.use(async (context, next) => {
    context.set('requestId', newId('req'));
    context.set('version', context.req.header('stripe-version') ?? apiVersion);
    context.set('credential', authenticate(state, context.req.header('authorization')));
    checkVersion(context.var.version);
    await next();
  });

  for (const endpoint of endpoints) {
    api.on(endpoint.method, endpoint.path, async (context) => {
      const { credential, requestId } = context.var;
      authorize(state, credential, endpoint.permission);
      const parameters = await decodeRequest(context.req.raw);
      const { pathname, origin } = new URL(context.req.url);
      const key = endpoint.method === 'POST' ? context.req.header('idempotency-key') : undefined;
      const storageKey = key && `${credential.secret}:${key}`;
      const replayed = storageKey && idempotency.recall(storageKey, pathname, parameters);
      if (replayed) {
        return respond(context, replayed, {
          'idempotent-replayed': 'true',
          'original-request': replayed.requestId,
        });
      }
      const outcome = run(endpoint, parameters, {
        state,
        livemode: credential.key.livemode,
        credential,
        id: context.req.param('id') ?? '',
        request: { id: requestId, idempotency_key: key ?? null },
        accountOrigin:
          accountOrigin ?? (isLoopback(origin) ? origin : 'https://billing.stripe.com'),
      });
      if (storageKey) idempotency.remember(storageKey, pathname, parameters, outcome);
      return respond(context, outcome);
    });
  }

  api.notFound((context) => {
    const { pathname } = new URL(context.req.url);
    const message =
      `Unrecognized request URL (${context.req.method}: ${pathname}). Please see ` +
      'https://stripe.com/docs or we can help at https://support.stripe.com/.';
    return respond(context, failure(new ApiError(404, { message }), context.var));
  });

  api.onError((error, context) => {
    if (error instanceof ApiError) return respond(context, failure(error, context.var));
    throw error;
  });

  return api;
}

// Parameters that are refused throw: Stripe remembers only outcomes of work that has begun.
function run(
  endpoint: Endpoint,
  parameters: DecodedObject,
  call: Parameters<Endpoint['prepare']>[0],
): Outcome {
  const work = endpoint.prepare(call, parameters);
  const requestId = call.request.id ?? '';
  try {
    return { requestId, status: 200, body: JSON.stringify(work(), null, 2) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = error.body(requestId, call.livemode);
    return { requestId, status: error.status, body: JSON.stringify(body, null, 2) };
  }
}

function failure(error: ApiError, variables: Partial<Environment['Variables']>): Outcome {
  const livemode = variables.credential?.key.livemode ?? false;
  const { requestId = '' } = variables;
  const body = error.body(requestId, livemode);
  return { requestId, status: error.status, body: JSON.stringify(body, null, 2) };
}

function respond(
  context: Context<Environment>,
  { status, body }: Outcome,
  headers: Record<string, string> = {},
): Response {
  const { requestId, version } = context.var;
  const key = context.req.method === 'POST' ? context.req.header('idempotency-key') : undefined;
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-cache, no-store',
      // Who has no key has no log to look into.
      ...(status === 401
        ? { 'www-authenticate': 'Basic realm="Stripe"' }
        : { 'request-id': requestId, 'stripe-version': version }),
      ...(key !== undefined && { 'idempotency-key': key, 'original-request': requestId }),
      // A refusal stays one, however often it is asked for.
      ...(status >= 400 && context.req.method === 'POST' && { 'stripe-should-retry': 'false' }),
      ...headers,
    },
  });
}

function checkVersion(version: string): void {
  if (/^\d{4}-\d{2}-\d{2}(?:\.[a-z]+)?$/.test(version)) return;
  throw new ApiError(400, { message: `Invalid Stripe API version: ${version}` });
}
