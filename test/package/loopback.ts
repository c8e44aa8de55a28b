import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

/** Answers on a free port of this machine, until it is closed. */
export async function serveLoopback(fetch: (request: Request) => Response | Promise<Response>) {
  const server = serve({ port: 0, hostname: '127.0.0.1', fetch });
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    },
  };
}
