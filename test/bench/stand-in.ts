// Stripe's stand-in in a process of its own, so that its work is not taken for somebody else's.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { createStandIn } from '../stripe/index.ts';

const standIn = createStandIn();
let delay = 0;

const server = serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => {
    if (delay > 0) await sleep(delay);
    return standIn.fetch(request);
  },
});
if (!server.listening) await once(server, 'listening');

process.on('message', (milliseconds: number) => {
  delay = milliseconds;
  standIn.requests.length = 0;
});
process.on('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
