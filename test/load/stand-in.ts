// Stripe's stand-in in a process of its own: `failing` lets one call in twenty fail, each in another
// way, and `limited` keeps Stripe's rate limits. Neither begins before /load/begin.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { createStandIn } from '../stripe/index.ts';
import { change } from '../stripe/protocol/emit.ts';
import { endpointOf } from '../stripe/rate-limits.ts';
import type { Tally } from './site.ts';

const FAILURES = [
  { status: 429 },
  { status: 500 },
  { status: 502, body: '<h1>Bad gateway</h1>' },
  { status: 503 },
  { cut: true },
];
// About what Stripe takes: a limit of requests a second would be no test of who has no wait.
const LATENCY_MILLISECONDS = 80;

const isLimited = process.argv[2] === 'limited';
const standIn = createStandIn({ rateLimits: isLimited });
const tally: Tally = { admitted: {}, refused: {} };
let hasBegun = false;
let calls = 0;

const server = serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => {
    const { pathname } = new URL(request.url);
    // The recorder keeps everything, which a load test has no use for.
    standIn.requests.length = 0;
    if (pathname.startsWith('/load/')) return answerTest(request);
    if (!hasBegun) return standIn.fetch(request);
    return isLimited ? answerWithinLimits(request) : answerOrFail(request);
  },
});

async function answerTest(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case '/load/owners':
      return Response.json((await request.json<string[]>()).map(ownerOf));
    case '/load/people':
      return Response.json(createPeople(Number(searchParams.get('count'))));
    case '/load/rename':
      return Response.json(rename());
    case '/load/tally':
      return Response.json(tally);
    default:
      hasBegun = true;
      return new Response(null, { status: 204 });
  }
}

async function answerOrFail(request: Request): Promise<Response> {
  calls += 1;
  const failure = calls % 20 === 0 ? FAILURES[(calls / 20) % FAILURES.length] : undefined;
  if (failure) standIn.faults.order({ path: new URL(request.url).pathname, ...failure });
  return standIn.fetch(request);
}

async function answerWithinLimits(request: Request): Promise<Response> {
  const endpoint = endpointOf(request);
  await pause(LATENCY_MILLISECONDS);
  const response = await standIn.fetch(request);
  const counts = response.status === 429 ? tally.refused : tally.admitted;
  counts[endpoint] = (counts[endpoint] ?? 0) + 1;
  return response;
}

/** Customers with a subscription each, whose subject is their number, and the last event of it. */
function createPeople(count: number): { ids: string[]; event: string | undefined } {
  const { id: product } = standIn.create('/v1/products', { name: 'Pro' });
  const recurring = { interval: 'month' };
  const { id: price } = standIn.create('/v1/prices', {
    product,
    currency: 'usd',
    unit_amount: '2900',
    recurring,
  });
  const ids = Array.from({ length: count }, (_, number) => {
    const metadata = { user_id: `subject_${number}` };
    const { id } = standIn.create('/v1/customers', { metadata, name: 'Old' });
    standIn.create('/v1/subscriptions', { customer: id, items: [{ price }] });
    return id;
  });
  return { ids, event: [...standIn.state.events.keys()].at(-1) };
}

/** A bulk change: everybody has a new name. These are its events. */
function rename() {
  const before = standIn.state.events.size;
  const actor = { state: standIn.state, request: null };
  for (const customer of standIn.state.customers.values()) {
    change(actor, 'customer.updated', customer, { name: 'New' });
  }
  return [...standIn.state.events.values()].slice(before);
}

/** Whose session this is, which only the stand-in knows; it is asked once and then forgotten. */
function ownerOf(token: string): string | null {
  const stored = standIn.state.portalSessions.get(token);
  standIn.state.portalSessions.delete(token);
  return stored?.session.customer ?? null;
}

if (!server.listening) await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
