import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

/** A site on loopback that answers as the test says, and keeps the cookies that it got. */
export async function openSite() {
  let answer = (_request: Request): Response => Response.json(null);
  const cookies: string[] = [];
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      cookies.push(request.headers.get('cookie') ?? '');
      return answer(request);
    },
  });
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `http://${host}`,
    cookies,
    answer: (next: typeof answer) => void (answer = next),
    close: () => void server.close(),
  };
}
