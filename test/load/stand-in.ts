// Stripe's stand-in in a process of its own. One call in twenty fails, each in another way.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createStandIn } from '../stripe/index.ts';

const FAILURES = [
  { status: 429 },
  { status: 500 },
  { status: 502, body: '<h1>Bad gateway</h1>' },
  { status: 503 },
  { cut: true },
];

const standIn = createStandIn();
let failing = false;
let calls = 0;

const server = serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => {
    const { pathname } = new URL(request.url);
    // The recorder keeps everything, which a load test has no use for.
    standIn.requests.length = 0;
    if (pathname === '/load/owner') return Response.json({ customer: ownerOf(request) });
    if (pathname === '/load/failing') {
      failing = true;
      return new Response(null, { status: 204 });
    }
    calls += 1;
    const failure =
      failing && calls % 20 === 0 ? FAILURES[(calls / 20) % FAILURES.length] : undefined;
    if (failure) standIn.faults.order({ path: pathname, ...failure });
    return standIn.fetch(request);
  },
});

/** Whose session this is, which only the stand-in knows; it is asked once and then forgotten. */
function ownerOf({ url }: Request): string | null {
  const token = new URL(url).searchParams.get('session') ?? '';
  const stored = standIn.state.portalSessions.get(token);
  standIn.state.portalSessions.delete(token);
  return stored?.session.customer ?? null;
}

if (!server.listening) await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
