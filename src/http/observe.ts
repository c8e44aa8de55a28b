import { createMiddleware } from 'hono/factory';
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';
import { log } from '../telemetry/log.ts';
import { Trace, traced } from '../telemetry/trace.ts';
import type { AppEnv } from './context.ts';

/** One line of the log, one data point and the timing headers for each request. */
export const observe = createMiddleware<AppEnv>(async (c, next) => {
  const trace = new Trace(requestIdOf(c));
  c.set('trace', trace);
  const began = performance.now();
  await traced(trace, next);
  const total = performance.now() - began;
  c.res.headers.set('x-request-id', trace.id);
  c.res.headers.set('server-timing', serverTiming(trace, total));
  // Middleware matches any method. A path that matches nothing else can contain anything, so it
  // is not logged.
  const path = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? '*';
  const route = `${c.req.method} ${path}`;
  await write(trace, route, c.res.status, total);
  count(c, trace, route, total);
});

/** Cloudflare's id of the request, which finds it in its logs; elsewhere one of ours. */
function requestIdOf(c: Context): string {
  const ray = c.req.header('cf-ray') ?? '';
  return /^[0-9a-f]{16}(?:-[A-Z]{3})?$/.test(ray) ? ray : crypto.randomUUID();
}

/** https://www.w3.org/TR/server-timing/ */
function serverTiming({ durations }: Trace, total: number): string {
  const { identity, database, stripe } = durations;
  return (
    `identity;dur=${identity.toFixed(1)}, database;dur=${database.toFixed(1)}, ` +
    `stripe;dur=${stripe.toFixed(1)}, total;dur=${total.toFixed(1)}`
  );
}

async function write(trace: Trace, route: string, status: number, total: number): Promise<void> {
  const { durations, fault } = trace;
  const remedy = fault && (await import('../errors/meaning.ts')).remedyOf(fault);
  // A 5xx without a fault is a refused prefetch.
  log(fault && status >= 500 ? 'error' : 'info', {
    event: 'request',
    request_id: trace.id,
    route,
    status,
    outcome: fault?.code ?? trace.outcome,
    total_ms: Math.round(total),
    identity_ms: Math.round(durations.identity),
    database_ms: Math.round(durations.database),
    stripe_ms: Math.round(durations.stripe),
    stripe_request_id: fault?.details.stripeRequestId ?? trace.stripeRequestId,
    token_refusal: trace.tokenRefusal,
    reference: fault && trace.reference,
    reason: fault?.message,
    remedy,
  });
}

/** https://developers.cloudflare.com/analytics/analytics-engine/ */
function count(c: Context<AppEnv>, trace: Trace, route: string, total: number): void {
  const { identity, database, stripe } = trace.durations;
  c.env.METRICS?.writeDataPoint({
    indexes: [route],
    blobs: [trace.fault?.code ?? trace.outcome, String(c.res.status)],
    doubles: [total, identity, database, stripe],
  });
}
